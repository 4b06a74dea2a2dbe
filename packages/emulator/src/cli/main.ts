import { readFileSync } from 'node:fs'
import type { Emulator } from '../start-emulator.ts'
import { type CliRequest, type CliSettings, parseCommandLine } from './arguments.ts'
import { banner, environmentOf, jsonLine, usage } from './banner.ts'
import { runCommand } from './run-command.ts'
import { StartProblem, movedNotice, startFromCli } from './start.ts'

/** Does what the command line asks, and resolves to the exit code. */
async function main(request: CliRequest): Promise<number> {
  if (request.action === 'refuse') {
    console.error(request.problem)
    return 2
  }
  if (request.action === 'help') {
    console.log(usage)
    return 0
  }
  if (request.action === 'version') {
    console.log(version())
    return 0
  }
  await using emulator = await startFromCli(request.settings)
  if (request.action === 'start') return await serve(emulator, request.settings)
  // Not on stdout, which is the command's.
  if (!request.settings.quiet) console.error(`inbox  ${emulator.inboxUrl}`)
  return await runCommand(request.command, request.args, environmentOf(emulator))
}

async function serve(emulator: Emulator, settings: CliSettings): Promise<number> {
  const stop = signalled()
  if (settings.json) {
    console.log(jsonLine(emulator, process.pid))
  } else if (!settings.quiet) {
    const notice = movedNotice(settings, emulator)
    if (notice !== undefined) console.log(notice)
    const color = process.stdout.isTTY && !process.env['NO_COLOR']
    console.log(banner(emulator, version(), color))
  }
  await stop
  return 0
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const parsed: unknown = JSON.parse(text)
  const found = typeof parsed === 'object' && parsed !== null && 'version' in parsed
  return found ? String(parsed.version) : ''
}

try {
  process.exitCode = await main(parseCommandLine(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof StartProblem)) throw error
  console.error(error.message)
  process.exitCode = 1
}
