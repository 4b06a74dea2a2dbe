import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { commandLine } from '../command-line.ts'

/** What a terminal sends to the command too, which then decides when to end. */
const ofTerminal: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']
const others: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']

/**
 * Runs a command with additional environment variables and resolves to its exit code. As in shells,
 * the code is 127 if the command does not exist, 126 if it cannot be run, and 128 plus the number of the
 * signal that ended it. Signals are passed on, except those that a terminal sends to the command itself.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<number> {
  return new Promise((resolve) => {
    const isWindows = process.platform === 'win32'
    const [line, rest, options] = commandLine(command, args, process.platform)
    const env = { ...process.env, ...environment }
    const child = spawn(line, rest, { ...options, stdio: 'inherit', env })
    const { stdin, stdout, stderr } = process
    const hasTerminal = [stdin, stdout, stderr].some((stream) => stream.isTTY)
    const passedOn = hasTerminal ? others : [...ofTerminal, ...others]
    const passOn = (signal: NodeJS.Signals): void => {
      // Windows has no other signal to send.
      if (isWindows ? signal === 'SIGTERM' : passedOn.includes(signal)) child.kill(signal)
    }
    const signals = [...ofTerminal, ...others]
    for (const signal of signals) process.on(signal, passOn)
    const settle = (code: number): void => {
      for (const signal of signals) process.off(signal, passOn)
      resolve(code)
    }
    child.once('error', (error) => {
      console.error(`${command} could not be started: ${error.message}.`)
      settle('code' in error && error.code === 'ENOENT' ? 127 : 126)
    })
    child.once('exit', (code, signal) => {
      settle(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}
