import type { Emulator } from './handle.ts'
import type { EmulatorOptions } from './options.ts'

/**
 * Starts an emulator with new keys. By default it listens on loopback only, on a free port.
 *
 * @throws {TypeError} an option is invalid
 * @throws {Error} the port is in use, or NODE_ENV is production
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error(
      'The emulator signs in any user, so it does not start with NODE_ENV=production. Use the real service in production.',
    )
  }
  // Loaded here, so that importing the package is quick and changes nothing global: zod does.
  const { createEmulator } = await import('./create-emulator.ts')
  return createEmulator(options)
}
