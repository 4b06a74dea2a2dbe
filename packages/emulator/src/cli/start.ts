import type { Emulator } from '../handle.ts'
import { startEmulator } from '../start-emulator.ts'
import type { CliSettings } from './arguments.ts'

/** The emulator could not start, for a reason that the user can fix. */
export class StartupError extends Error {
  override readonly name = 'StartProblem'
}

const defaultPort = 4500
// How many ports are tried, from the default one on.
const portsToTry = 20

/** Starts on the port of the settings; without one, on the default port or the next free one. */
export async function startFromCli(settings: CliSettings): Promise<Emulator> {
  const ports =
    settings.port === undefined
      ? Array.from({ length: portsToTry }, (_, i) => defaultPort + i)
      : [settings.port]
  for (const port of ports) {
    try {
      return await startEmulator({
        port,
        allowedHosts: settings.allowedHosts,
        ...(settings.host !== undefined && { host: settings.host }),
        ...(settings.projectId !== undefined && { projectId: settings.projectId }),
      })
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
