import { type Emulator, startEmulator } from '../start-emulator.ts'
import type { CliSettings } from './arguments.ts'

/** A start that failed for a reason the user can mend. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem'
}

const defaultPort = 4500
// How far the default port moves on before giving up.
const portsToTry = 20

/** Starts on the port asked for; without one on the default port or the next free one. */
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
      if (codeOf(error) !== 'EADDRINUSE') throw startProblem(error)
    }
  }
  throw new StartProblem(
    settings.port === undefined
      ? `Ports ${defaultPort} to ${defaultPort + portsToTry - 1} are taken: use --port 0 for a free one.`
      : `Port ${settings.port} is taken: use --port 0 for a free one, or end what listens there.`,
  )
}

/** Says so when the default port was taken. */
export function movedNotice(settings: CliSettings, emulator: Emulator): string | undefined {
  const port = Number(new URL(emulator.url).port)
  if (settings.port !== undefined || port === defaultPort) return undefined
  return `Port ${defaultPort} is taken, so this one is on ${port}.`
}

function startProblem(error: unknown): unknown {
  const code = codeOf(error)
  if (code === 'EACCES') return new StartProblem('That port needs rights: use one from 1024 up.')
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartProblem('--host names no address of this machine.')
  }
  // startEmulator explains itself: wrong options, and NODE_ENV=production.
  return error instanceof Error && code === undefined ? new StartProblem(error.message) : error
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}
