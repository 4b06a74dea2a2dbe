import { type EmulatorWorld, worldHandle } from './handle.ts'
import { type EmulatorOptions, resolveEmulatorOptions } from './options.ts'
import { createApp } from './server/app.ts'
import { listen } from './server/listen.ts'
import { randomId } from './world/random.ts'
import { createWorlds, isProjectId } from './world/worlds.ts'

/** A running emulator. It is itself the default world; `world(id)` returns the others. */
export interface Emulator extends EmulatorWorld {
  /** The `baseUrl` for SDKs, without a trailing slash. */
  readonly url: string
  /** The inbox page. */
  readonly inboxUrl: string
  /** The key for `/v1/mgmt/`; new at every start. */
  readonly managementKey: string
  /**
   * The world of another project, created on its first use.
   *
   * @throws {TypeError} the project id is invalid
   */
  world(projectId: string): EmulatorWorld
  /** Stops the server and ends everything that waits on it. May be called again. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts an emulator with new keys. By default it listens on loopback only, on a free port.
 *
 * @throws {TypeError} an option is invalid
 * @throws {Error} the port is in use, or NODE_ENV is production
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const config = resolveEmulatorOptions(options)
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error(
      'The emulator signs in any user, so it does not start with NODE_ENV=production. Use the real service in production.',
    )
  }
  const worlds = createWorlds(config.projectId, config.settings)
  const managementKey = randomId('K2')
  const app = createApp({ worlds, managementKey, allowedHosts: config.allowedHosts })
  // The first key takes most of the start time, so it is created while the server starts.
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
        throw new TypeError('world: projectId must be "P" and 27 to 40 letters and digits.')
      }
      return worldHandle(worlds.of(projectId))
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

// The host of the URL for an address to listen on: for "all addresses" it is the loopback address.
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
