import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs a command with more environment and resolves to its exit code: 127 when there is no such
 * command, 128 and the signal's number when a signal ended it, as shells have it.
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
      // npm, npx and pnpm are scripts on Windows, which only a shell starts.
      shell: process.platform === 'win32',
    })
    // A terminal sends Ctrl+C to the whole group, so the command decides; a kill is passed on.
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
