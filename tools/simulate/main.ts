/**
 * `npm run simulate -- [--seed N] [--schedules N] [--scenario NAME] [--trace]`: runs random schedules, one
 * for each seed from N on, and every order of two requests on two instances with at most one fault. Ends
 * with code 1 and a trace if an invariant is violated. `--seed N --schedules 1 --trace` repeats one.
 *
 * `--mistakes`, or `--mistake NAME` for one: plants a fault in a dependency and ends with code 1 unless it
 * is found within 20,000 schedules.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mistakes } from './mistakes.ts'
import { explore, findMistake, runSeed } from './run.ts'
import { isScenario, type ScenarioName, scenarioOf, scenarios } from './scenarios/index.ts'
import type { Report, Share } from './worker.ts'

process.removeAllListeners('warning')
const startedAt = performance.now()
const options = readCommandLine() ?? usage()
const { seed, schedules, scenario, trace } = options
const names = scenario === undefined ? Object.keys(scenarios).filter(isScenario) : [scenario]

if (options.mistakes.length > 0) {
  for (const name of options.mistakes) await plant(name)
} else if (schedules === 1) {
  await show(seed, trace)
} else {
  await runSchedules()
  for (const name of names) await exhaust(name)
}
console.log(`${process.exitCode === 1 ? 'FAILED' : 'passed'}, after ${seconds()} s`)
// Deadlines of requests that were never answered would keep the process alive.
process.exit()

/** Runs the schedules in a process for each core. */
async function runSchedules(): Promise<void> {
  console.log(`Running ${schedules} schedules from seed ${seed}, Node ${process.versions.node}`)
  const violations = new Map<string, number[]>()
  let done = 0
  let shown = 0
  const note = (report: Report): void => {
    if ('seed' in report) {
      violations.set(report.violation, [...(violations.get(report.violation) ?? []), report.seed])
      return
    }
    done += report.done
    const tenth = Math.floor((done * 10) / schedules)
    if (tenth > shown) console.log(`  ${(shown = tenth)}0 %, after ${seconds()} s`)
  }
  const step = availableParallelism()
  const shares = Array.from({ length: step }, (_, index): Share => {
    return { first: seed + index, end: seed + schedules, step, scenario }
  })
  await Promise.all(shares.map((share) => runShare(share, note)))
  if (done !== schedules) fail(`only ${done} schedules were run`)
  for (const [violation, seeds] of violations) {
    fail(`${violation}: ${seeds.length} times, with seeds ${seeds.slice(0, 5).join(', ')}`)
  }
  const [first] = [...violations.values()].flat().sort((a, b) => a - b)
  if (first !== undefined) await show(first, true)
}

function runShare(share: Share, note: (report: Report) => void): Promise<void> {
  return new Promise((resolve) => {
    const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)))
    worker.on('message', note)
    worker.once('exit', () => resolve())
    worker.send(share)
  })
}

/** Runs one schedule and prints what happens. */
async function show(one: number, isTraced: boolean): Promise<void> {
  const name = scenario ?? scenarioOf(one)
  console.log(`Seed ${one}, scenario ${name}`)
  const violation = await runSeed(scenarios[name], one, isTraced ? { trace: console.log } : {})
  if (violation === undefined) return
  fail(`${violation}; to repeat:`)
  console.log(`npm run simulate -- --seed ${one} --schedules 1 --scenario ${name} --trace`)
}

async function exhaust(name: ScenarioName): Promise<void> {
  const bound = 20_000
  const {
    violation,
    trace: lines,
    schedules: tried,
    isComplete,
  } = await explore(scenarios[name], {
    faults: 1,
    bound,
  })
  const reach = isComplete ? 'every order' : `not every order, since the bound is ${bound}`
  console.log(
    `${name}, two requests on two instances, at most one fault: ${tried} schedules, ${reach}`,
  )
  if (violation !== undefined) fail([violation, ...lines].join('\n'))
}

async function plant(name: string): Promise<void> {
  const found = await findMistake(name, seed, schedules)
  const what = `${name} (${mistakes[name]?.what})`
  if (found === undefined) fail(`${what}: not found in ${schedules} schedules`)
  else console.log(`${what}: found in schedule ${found.schedule}: ${found.violation}`)
}

function fail(why: string): void {
  console.log(`VIOLATION: ${why}`)
  process.exitCode = 1
}

function seconds(): string {
  return ((performance.now() - startedAt) / 1000).toFixed(0)
}

interface Options {
  readonly seed: number
  readonly schedules: number
  readonly scenario: ScenarioName | undefined
  readonly trace: boolean
  readonly mistakes: readonly string[]
}

/** The options on the command line; undefined when they are invalid. */
function readCommandLine(): Options | undefined {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  try {
    const { values } = parseArgs({
      options: {
        seed: text,
        schedules: text,
        scenario: text,
        mistake: text,
        mistakes: flag,
        trace: flag,
      },
    })
    const planted = values.mistakes ? Object.keys(mistakes) : [values.mistake ?? []].flat()
    const seed = Number(values.seed ?? (planted.length > 0 ? 0 : Math.floor(Math.random() * 1e9)))
    const schedules = Number(values.schedules ?? (planted.length > 0 ? 20_000 : 2000))
    const { scenario, trace } = values
    if (![seed, schedules].every((n) => Number.isSafeInteger(n) && n >= 0)) return undefined
    if (scenario !== undefined && !isScenario(scenario)) return undefined
    if (planted.some((name) => !(name in mistakes))) return undefined
    return { seed, schedules, scenario, trace, mistakes: planted }
  } catch {
    return undefined
  }
}

function usage(): never {
  console.error(
    `Usage: npm run simulate -- [--seed N] [--schedules N] [--scenario ${Object.keys(scenarios).join('|')}] [--trace] [--mistakes | --mistake ${Object.keys(mistakes).join('|')}]`,
  )
  return process.exit(2)
}
