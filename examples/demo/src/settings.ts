/** A port to listen on. One that somebody chose is taken as it is; a default moves on if taken. */
export interface WantedPort {
  readonly port: number
  readonly chosen: boolean
  /** The environment variable that chooses it. */
  readonly variable: string
}

/** What the environment asks of the demo. */
export interface DemoSettings {
  readonly app: WantedPort
  readonly emulator: WantedPort
  /** The real service instead of the emulator. */
  readonly live: boolean
}

/**
 * Reads `PORT`, `EMULATOR_PORT` and `DESCOPE_PROJECT_ID`. Pure.
 *
 * @throws {TypeError} a port is no port
 */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): DemoSettings {
  return {
    app: wantedPort(environment, 'PORT', 3000),
    emulator: wantedPort(environment, 'EMULATOR_PORT', 4500),
    live: (environment['DESCOPE_PROJECT_ID'] ?? '') !== '',
  }
}

function wantedPort(
  environment: Readonly<Record<string, string | undefined>>,
  variable: string,
  standard: number,
): WantedPort {
  const given = environment[variable] ?? ''
  if (given === '') return { port: standard, chosen: false, variable }
  const port = Number(given)
  if (!/^\d{1,5}$/.test(given) || port > 65_535) {
    throw new TypeError(`${variable} must be a port from 1 to 65535, or 0 for any that is free.`)
  }
  return { port, chosen: true, variable }
}
