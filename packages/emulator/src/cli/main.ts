import { readFileSync } from 'node:fs'
import { type CliCommand, type CliSettings, parseCommandLine } from './arguments.ts'
import { banner, environmentOf, jsonLine, usage } from './banner.ts'
import { checkApp } from './check-app.ts'
import { runCommand } from './run-command.ts'
import { runDoctor } from './run-doctor.ts'
import { type Started, portNotice, startFromCli } from './start.ts'
import { StartupError } from './startup-error.ts'

/** Runs the command line and resolves to the exit code. */
async function main(command: CliCommand): Promise<number> {
  if (command.action === 'usage-error') {
    console.error(command.message)
    return 2
  }
  if (command.action === 'help') {
    console.log(usage)
    return 0
  }
  if (command.action === 'version') {
    console.log(version())
    return 0
  }
  if (command.action === 'doctor') return await runDoctor(command.settings)
  const { settings } = command
  // check has a free port, unless one is given: nobody opens its inbox.
  const port = command.action === 'check' ? (settings.port ?? 0) : settings.port
  const started = await startFromCli({ ...settings, port }, process.env)
  await using emulator = started.emulator
  if (command.action === 'check') return await checkApp(started, command, command.settings)
  if (command.action === 'start') return await serve(started, command.settings)
  // Not on stdout, which belongs to the command.
  if (!command.settings.quiet) console.error(`inbox  ${emulator.inboxUrl}`)
  return await runCommand(command.command, command.args, environmentOf(started))
}

async function serve(started: Started, settings: CliSettings): Promise<number> {
  const stop = stopSignal()
  if (settings.json) {
    console.log(jsonLine(started, process.pid))
  } else if (!settings.quiet) {
    const notice = portNotice(settings, started.emulator)
    if (notice !== undefined) console.log(notice)
    const color = process.stdout.isTTY && !process.env['NO_COLOR']
    console.log(banner(started, version(), color))
  }
  await stop
  return 0
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
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
  if (!(error instanceof StartupError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
