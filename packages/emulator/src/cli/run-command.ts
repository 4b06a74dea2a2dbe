import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs a command with additional environment variables and resolves to its exit code. As in shells,
 * the code is 127 if the command does not exist, and 128 plus the number of the signal that ended it.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, ...environment },
      // npm, npx and pnpm are scripts on Windows, which only a shell can start.
      shell: process.platform === 'win32',
    })
    // A terminal sends SIGINT to the command too, which decides when to end. SIGTERM is forwarded.
    const ignore = (): void => undefined
    const terminate = (): void => {
      child.kill('SIGTERM')
    }
    process.on('SIGINT', ignore)
    process.on('SIGTERM', terminate)
    const settle = (code: number): void => {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', terminate)
      resolve(code)
    }
    child.once('error', (error) => {
      console.error(`${command} could not be started: ${error.message}.`)
      settle(127)
    })
    child.once('exit', (code, signal) => {
      settle(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}
