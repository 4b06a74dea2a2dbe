import { type Emulator, worldHandle } from './handle.ts'
import { type EmulatorConfig, type EmulatorOptions, resolveEmulatorOptions } from './options.ts'
import { createApp } from './server/app.ts'
import type { ServerCertificate } from './server/certificate.ts'
import { listen } from './server/listen.ts'
import { randomId } from './world/random.ts'
import { createWorlds, isProjectId } from './world/worlds.ts'

/** Starts an emulator; see `startEmulator`. */
export async function createEmulator(options: EmulatorOptions): Promise<Emulator> {
  const config = resolveEmulatorOptions(options)
  const worlds = createWorlds(config.projectId, config.settings, config.seed)
  const managementKey = randomId('K2')
  const { allowedHosts, allowedOrigins } = config
  const app = createApp({ worlds, managementKey, allowedHosts, allowedOrigins, tls: config.tls })
  const certificate = config.tls ? await certificateFor(config) : undefined
  // The first key takes most of the start time, so it is created while the server starts.
  const [server] = await Promise.all([
    listen(app, config.host, config.port, certificate),
    worlds.default.keys.current(),
  ])
  const url = `${config.tls ? 'https' : 'http'}://${urlHost(config.host)}:${server.port}`

  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    for (const world of worlds.all()) world.close('The emulator was closed.')
    closed ??= server.close()
    return closed
  }
  return {
    ...worldHandle(worlds.default),
    url,
    inboxUrl: `${url}/`,
    managementKey,
    caCertificate: certificate?.ca,
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

// Names under localhost are of apps; 10.0.2.2 is this machine, as an Android emulator sees it.
const ownHosts = ['localhost', '*.localhost', '127.0.0.1', '::1', '10.0.2.2']

async function certificateFor({ host, allowedHosts }: EmulatorConfig): Promise<ServerCertificate> {
  const { createCertificate } = await import('./server/certificate.ts')
  return createCertificate([...new Set([...ownHosts, host, ...allowedHosts])], Date.now())
}

// `localhost`, not 127.0.0.1: a page of localhost is of the same site, so it gets the cookies.
function urlHost(host: string): string {
  if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
