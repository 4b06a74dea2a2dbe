import type { Emulator } from '../handle.ts'
import { startEmulator } from '../start-emulator.ts'
import type { EmulatorOptions } from '../options.ts'
import type { CliSettings } from './arguments.ts'
import { readSeedFile, writeCaFile } from './files.ts'
import { StartupError } from './startup-error.ts'

const defaultPort = 4500
// How many ports are tried, from the default one on.
const portsToTry = 20

/** A running emulator, and the file with the certificate to trust, with `--tls`. */
export interface Started {
  readonly emulator: Emulator
  readonly caFile: string | undefined
}

/**
 * Starts on the port of the settings; without one, on the default port or the next free one.
 *
 * @throws {StartupError} for a reason that the user can fix
 */
export async function startFromCli(
  settings: CliSettings,
  environment: NodeJS.ProcessEnv,
): Promise<Started> {
  const emulator = await startOnPort(settings, {
    ...(settings.seed !== undefined && readSeedFile(settings.seed)),
    allowedHosts: [...settings.allowedHosts, ...listIn(environment, 'HOSTS')],
    allowedOrigins: [...settings.allowedOrigins, ...listIn(environment, 'ORIGINS')],
    tls: settings.tls,
    ...(settings.host !== undefined && { host: settings.host }),
    ...(settings.projectId !== undefined && { projectId: settings.projectId }),
  })
  try {
    return { emulator, caFile: writeCaFile(emulator, settings, environment) }
  } catch (error) {
    await emulator.close()
    throw error
  }
}

async function startOnPort(settings: CliSettings, options: EmulatorOptions): Promise<Emulator> {
  const ports =
    settings.port === undefined
      ? Array.from({ length: portsToTry }, (_, i) => defaultPort + i)
      : [settings.port]
  for (const port of ports) {
    try {
      return await startEmulator({ ...options, port })
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') throw startupError(error)
    }
  }
  throw new StartupError(
    settings.port === undefined
      ? `Ports ${defaultPort} to ${defaultPort + portsToTry - 1} are in use. Use --port 0 for a free one.`
      : `Port ${settings.port} is in use. Use --port 0 for a free one, or stop the process that listens there.`,
  )
}

/** The message for a default port that was in use. */
export function portNotice(settings: CliSettings, emulator: Emulator): string | undefined {
  const port = Number(new URL(emulator.url).port)
  if (settings.port !== undefined || port === defaultPort) return undefined
  return `Port ${defaultPort} is in use. The emulator uses port ${port} instead.`
}

function listIn(environment: NodeJS.ProcessEnv, what: 'HOSTS' | 'ORIGINS'): string[] {
  const value = environment[`LINKPASS_EMULATOR_ALLOWED_${what}`] ?? ''
  return value.split(',').flatMap((part) => part.trim() || [])
}

function startupError(error: unknown): unknown {
  const code = codeOf(error)
  if (code === 'EACCES') {
    return new StartupError('The port needs elevated rights. Use a port from 1024 to 65535.')
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartupError('--host must be an address of this machine.')
  }
  // The messages of startEmulator are complete: invalid options, and NODE_ENV=production.
  return error instanceof Error && code === undefined ? new StartupError(error.message) : error
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}
