import { hasCode } from './listen.ts'
import type { WantedPort } from './settings.ts'

// Past these, some other program has taken a whole range: any port will do.
const nearbyPorts = 10

/**
 * Starts something on the wanted port. One that somebody chose must be free; a default that is
 * taken moves on, and says so.
 *
 * @throws {Error} a chosen port is taken; the message names the cure
 */
export async function startOnFreePort<T>(
  wanted: WantedPort,
  say: (line: string) => void,
  start: (port: number) => Promise<T>,
): Promise<T> {
  const { port, chosen, variable } = wanted
  for (let tried = port; ; tried += 1) {
    try {
      return await start(tried > port + nearbyPorts ? 0 : tried)
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE')) throw error
      if (chosen) {
        const cure = `set ${variable} to another one, or to 0 for any that is free`
        throw new Error(`Port ${port} is taken: ${cure}.`, { cause: error })
      }
      if (tried === port)
        say(`Port ${port} is taken, so another one is used (${variable} chooses).`)
    }
  }
}
