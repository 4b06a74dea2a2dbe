import { clientOptionsFromEnv } from '@linkpass/core'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { createDemoApp } from './app.ts'
import { startOnFreePort } from './free-port.ts'
import { listenOnLoopback } from './listen.ts'
import { readSettings } from './settings.ts'

/** A running demo. */
export interface Demo {
  readonly appUrl: string
  /** Undefined if the demo uses the real service. */
  readonly emulator: Emulator | undefined
  readonly close: () => Promise<void>
}

/** How long a link of the emulator works; for a real project the console sets it. */
const linkLifetimeMinutes = 10

/**
 * Starts the app and an emulator with the same clock. If `DESCOPE_PROJECT_ID` is set, the app uses
 * the service of the environment and no emulator is started.
 *
 * @param log gets messages for the user, such as a default port that is in use
 * @throws {Error} a port from the environment is in use or invalid
 */
export async function startDemo(
  environment: Readonly<Record<string, string | undefined>>,
  log: (line: string) => void,
): Promise<Demo> {
  const settings = readSettings(environment)
  const started: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const end of started.splice(0).toReversed()) await end()
  }
  try {
    const emulator = settings.live
      ? undefined
      : await startOnFreePort(settings.emulator, log, (port) =>
          startEmulator({ port, linkLifetimeSeconds: linkLifetimeMinutes * 60 }),
        )
    if (emulator) started.push(() => emulator.close())
    // One clock for both, so that advancing it in the inbox also advances it in the app.
    const options = emulator
      ? { projectId: emulator.projectId, baseUrl: emulator.url, clock: emulator.clock }
      : clientOptionsFromEnv(environment)
    const server = await startOnFreePort(settings.app, log, listenOnLoopback)
    started.push(server.close)
    const appUrl = `http://localhost:${server.port}`
    const tools = emulator && {
      inboxUrl: emulator.inboxUrl,
      linkLifetimeMinutes,
      makeAdmin: (loginId: string) =>
        emulator.signIn(loginId, { roles: ['admin'], tenants: { acme: {}, globex: {} } }),
    }
    const demo = createDemoApp(appUrl, options, tools)
    started.push(demo.close)
    server.serve(demo.app)
    return { appUrl, emulator, close }
  } catch (error) {
    await close()
    throw error
  }
}
