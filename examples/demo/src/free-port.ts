import { hasCode } from './listen.ts'
import type { WantedPort } from './settings.ts'

// If these are all in use, the operating system selects a port.
const nearbyPorts = 10

/**
 * Starts a server on the wanted port. A port from the environment must be free; a default port that
 * is in use is replaced by a free one, and `log` gets a message.
 *
 * @throws {Error} a port from the environment is in use; the message names the fix
 */
export async function startOnFreePort<T>(
  wanted: WantedPort,
  log: (line: string) => void,
  start: (port: number) => Promise<T>,
): Promise<T> {
  const { port, chosen, variable } = wanted
  for (let tried = port; ; tried += 1) {
    try {
      return await start(tried > port + nearbyPorts ? 0 : tried)
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE')) throw error
      if (chosen) {
        throw new Error(
          `Port ${port} is in use. Set ${variable} to another port, or to 0 for a free one.`,
          { cause: error },
        )
      }
      if (tried === port) {
        log(`Port ${port} is in use. Another one is used; ${variable} selects a port.`)
      }
    }
  }
}
