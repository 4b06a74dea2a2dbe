/** A port to listen on. A chosen port must be free; a default port is replaced if it is in use. */
export interface WantedPort {
  readonly port: number
  /** Whether the environment sets it. */
  readonly chosen: boolean
  /** The environment variable that sets it. */
  readonly variable: string
}

/** The settings of the demo, from the environment. */
export interface DemoSettings {
  readonly app: WantedPort
  readonly emulator: WantedPort
  /** Whether the demo uses the real service instead of the emulator. */
  readonly live: boolean
}

/**
 * Reads `PORT`, `EMULATOR_PORT` and `DESCOPE_PROJECT_ID`.
 *
 * @throws {TypeError} a port is invalid
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
    throw new TypeError(`${variable} must be a port from 1 to 65535, or 0 for a free one.`)
  }
  return { port, chosen: true, variable }
}
