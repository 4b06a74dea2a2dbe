import { clientOptionsFromEnv } from '@linkpass/core'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { createDemoApp } from './app.ts'
import { startOnFreePort } from './first-free.ts'
import { listenOnLoopback } from './listen.ts'
import { readSettings } from './settings.ts'

/** A running demo. */
export interface Demo {
  readonly appUrl: string
  /** Absent when the demo talks to the real service. */
  readonly emulator: Emulator | undefined
  readonly close: () => Promise<void>
}

/** How long a link of the emulator lives; with a real project the console says. */
const linkLifetimeMinutes = 10

/**
 * Starts the app, and the emulator beside it on the same clock; with `DESCOPE_PROJECT_ID` set the
 * app talks to the service that the environment names, and no emulator is started.
 *
 * @param say hears of anything a person should know, such as a default port that was taken
 * @throws {Error} a port that was asked for is taken, or is none
 */
export async function startDemo(
  environment: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Promise<Demo> {
  const settings = readSettings(environment)
  const started: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const end of started.splice(0).toReversed()) await end()
  }
  try {
    const emulator = settings.live
      ? undefined
      : await startOnFreePort(settings.emulator, say, (port) =>
          startEmulator({ port, linkLifetimeSeconds: linkLifetimeMinutes * 60 }),
        )
    if (emulator) started.push(() => emulator.close())
    // One clock for both, so that moving it on in the inbox moves the app along.
    const options = emulator
      ? { projectId: emulator.projectId, baseUrl: emulator.url, clock: emulator.clock }
      : clientOptionsFromEnv(environment)
    const server = await startOnFreePort(settings.app, say, listenOnLoopback)
    started.push(server.close)
    const appUrl = `http://localhost:${server.port}`
    const demo = createDemoApp(
      appUrl,
      options,
      emulator && { inboxUrl: emulator.inboxUrl, linkLifetimeMinutes },
    )
    started.push(demo.close)
    server.serve(demo.app)
    return { appUrl, emulator, close }
  } catch (error) {
    await close()
    throw error
  }
}
