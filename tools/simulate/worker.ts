/** Runs a share of the schedules in a process of its own. */
import { runSeed } from './run.ts'
import { type ScenarioName, scenarioOf, scenarios } from './scenarios/index.ts'

/** Schedules of one process: every `step`-th from `first` on, up to `end`. */
export interface Share {
  readonly first: number
  readonly end: number
  readonly step: number
  readonly scenario: ScenarioName | undefined
}

/** A violation by its seed, or how many schedules were run since the last report. */
export type Report =
  | { readonly seed: number; readonly violation: string }
  | { readonly done: number }

// The library warns of failures that are simulated here.
process.removeAllListeners('warning')
process.once('message', (share: Share) => void run(share))

async function run({ first, end, step, scenario }: Share): Promise<void> {
  let done = 0
  for (let seed = first; seed < end; seed += step) {
    const violation = await runSeed(scenarios[scenario ?? scenarioOf(seed)], seed)
    if (violation !== undefined) process.send?.({ seed, violation } satisfies Report)
    done += 1
    if (done % 50 === 0) process.send?.({ done: 50 } satisfies Report)
  }
  process.send?.({ done: done % 50 } satisfies Report)
  process.disconnect()
  // Deadlines of requests that were never answered would keep it alive.
  process.exit()
}
