// One core for the servers, another for the load, so that the load costs no server anything.
import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Whether processes can be pinned to cores here: on Linux, with two cores or more. */
export const canPin = process.platform === 'linux' && availableParallelism() > 1 && hasTaskset()

/** Keeps a process and all its threads on one core; does nothing where that is not possible. */
export function pin(pid, core) {
  if (canPin) execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' })
}

function hasTaskset() {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
