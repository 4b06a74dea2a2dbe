import { type EmulatorWorld, worldHandle } from './handle.ts'
import { type EmulatorOptions, resolveEmulatorOptions } from './options.ts'
import { createApp } from './server/app.ts'
import { listen } from './server/listen.ts'
import { randomId } from './world/random.ts'
import { createWorlds, isProjectId } from './world/worlds.ts'

/** A running emulator. On its own it is the default world; `world(id)` has the others. */
export interface Emulator extends EmulatorWorld {
  /** The `baseUrl` for SDKs, without a trailing slash. */
  readonly url: string
  /** The inbox page. */
  readonly inboxUrl: string
  /** What `/v1/mgmt/` wants; new at every start. */
  readonly managementKey: string
  /**
   * The world of another project, made when it is first named.
   *
   * @throws {TypeError} that is no project id
   */
  world(projectId: string): EmulatorWorld
  /** Ends the server and everything that waits on it. May be called again. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts the service on this machine, with fresh keys: loopback only, on a free port.
 *
 * @throws {TypeError} an option cannot be right
 * @throws {Error} the port is taken, or NODE_ENV is production
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const config = resolveEmulatorOptions(options)
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error('The emulator signs anybody in, so it does not start with NODE_ENV=production.')
  }
  const worlds = createWorlds(config.projectId, config.settings)
  const managementKey = randomId('K2')
  const app = createApp({ worlds, managementKey, allowedHosts: config.allowedHosts })
  // A port is cheap and keys are not, yet both must be there before anybody is told.
  const [server] = await Promise.all([
    listen(app, config.host, config.port),
    worlds.default.keys.current(),
  ])
  const url = `http://${urlHost(config.host)}:${server.port}`

  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    for (const world of worlds.all()) world.close()
    closed ??= server.close()
    return closed
  }
  return {
    ...worldHandle(worlds.default),
    url,
    inboxUrl: `${url}/`,
    managementKey,
    world: (projectId) => {
      if (!isProjectId(projectId)) {
        throw new TypeError('world(): a project id is "P" and 27 to 40 letters and digits.')
      }
      return worldHandle(worlds.of(projectId))
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

// What to write into a URL for an address to listen on: "every address" is reached by loopback.
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
