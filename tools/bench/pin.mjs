// One core for the servers, another for the load: what the load costs is nobody's then.
import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Whether processes can be kept on cores of their own here: on Linux, with two cores or more. */
export const canPin = process.platform === 'linux' && availableParallelism() > 1 && hasTaskset()

/** Keeps a process, with every thread it has or will have, on one core; elsewhere does nothing. */
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
