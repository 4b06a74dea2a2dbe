/** Scenarios that exist as tests of a package already, at full size: run from here, not repeated. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { atLeast, type Finding, none } from './finding.ts'

/** Runs the tests of a file whose full names contain `name`; races are repeated as `rounds` says. */
export async function runPackageTests({
  file,
  name,
  rounds,
}: {
  readonly file: string
  readonly name: string
  readonly rounds?: number
}): Promise<readonly Finding[]> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    file,
    '-t',
    name,
    '--reporter=json',
    '--testTimeout=600000',
  ]
  const vitest = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...(rounds !== undefined && { LINKPASS_ROUNDS: String(rounds) }) },
  })
  // The JSON report holds these two counts among others.
  const report: { numPassedTests: number; numFailedTests: number } = JSON.parse(
    await text(vitest.stdout),
  )
  return [
    atLeast(`tests of ${file} passed`, report.numPassedTests, 1),
    none('failed', report.numFailedTests),
  ]
}
