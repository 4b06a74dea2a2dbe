/**
 * `npm run simulate -- [--seed N] [--schedules N] [--scenario NAME] [--trace]`: runs random schedules, one
 * for each seed from N on, and every order of two requests on two instances with at most one fault. Ends
 * with code 1 and a trace if an invariant is violated. `--seed N --schedules 1 --trace` repeats one.
 *
 * `--mistakes`, or `--mistake NAME` for one: plants a fault in a dependency and ends with code 1 unless it
 * is found within 20,000 schedules.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { mistakes } from './mistakes.ts'
import { explore, findMistake, runSeed } from './run.ts'
import { scenarios } from './scenarios.ts'

/** What a process runs at a time: schedules, every order of a scenario, or those with a mistake. */
type Job =
  | { readonly seeds: readonly number[] }
  | { readonly orders: string }
  | { readonly mistake: string }

/** What came of a job: what to print, and the seeds of schedules that violate an invariant. */
interface Done {
  readonly lines: readonly string[]
  readonly isFailed: boolean
  readonly seeds?: readonly number[]
}

const ordersBound = 20_000
const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const { values } = parseArgs({
  options: {
    ...{ seed: text, schedules: text, scenario: text, mistake: text },
    ...{ mistakes: flag, trace: flag },
  },
})
const names = Object.keys(scenarios).filter((name) => name === (values.scenario ?? name))
const planted = Object.keys(mistakes).filter((name) => values.mistakes || name === values.mistake)
const isPlanting = values.mistakes || values.mistake !== undefined
const seed = Number(values.seed ?? (isPlanting ? 0 : Math.floor(Math.random() * 1e9)))
const schedules = Number(values.schedules ?? (isPlanting ? 20_000 : 2000))
const isValid = [seed, schedules].every((n) => Number.isSafeInteger(n) && n >= 0)

// The library warns of failures that are simulated here.
process.removeAllListeners('warning')
if (process.send !== undefined) {
  process.on('message', (job: Job) => void serve(job))
} else if (!isValid || names.length === 0 || (isPlanting && planted.length === 0)) {
  const [all, every] = [scenarios, mistakes].map((table) => Object.keys(table).join('|'))
  console.error(
    `Usage: npm run simulate -- [--seed N] [--schedules N] [--scenario ${all}] [--trace] [--mistakes | --mistake ${every}]`,
  )
  process.exitCode = 2
} else {
  const startedAt = performance.now()
  await main()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  console.log(`${process.exitCode === 1 ? 'FAILED' : 'passed'}, after ${seconds} s`)
  // Deadlines of requests that were never answered would keep the process alive.
  process.exit()
}

async function main(): Promise<void> {
  if (isPlanting) return void (await runAll(planted.map((mistake) => ({ mistake }))))
  if (schedules === 1) return show(seed)
  console.log(`Running ${schedules} schedules from seed ${seed}, Node ${process.versions.node}`)
  const all = Array.from({ length: schedules }, (_, index) => seed + index)
  const size = Math.ceil(schedules / 50)
  const parts: Job[] = []
  for (let first = 0; first < schedules; first += size) {
    parts.push({ seeds: all.slice(first, first + size) })
  }
  const orders = names.map((name) => ({ orders: name }))
  const seeds = await runAll([...parts, ...orders])
  if (seeds.length > 0) await show(Math.min(...seeds))
}

/** Runs the jobs, in a process for each core. Resolves to the seeds that violate an invariant. */
async function runAll(jobs: readonly Job[]): Promise<number[]> {
  const seeds: number[] = []
  const waiting = [...jobs]
  const workers = Array.from({ length: availableParallelism() }, async () => {
    const worker = fork(new URL(import.meta.url), process.argv.slice(2))
    // It was not killed below.
    worker.once('exit', (code) => code !== null && process.exit(1))
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      worker.send(job)
      const [done]: Done[] = await once(worker, 'message')
      for (const line of done?.lines ?? []) console.log(line)
      if (done?.isFailed !== false) process.exitCode = 1
      seeds.push(...(done?.seeds ?? []))
    }
    worker.kill()
  })
  await Promise.all(workers)
  return seeds
}

async function serve(job: Job): Promise<void> {
  const done = await work(job)
  process.send?.(done)
}

async function work(job: Job): Promise<Done> {
  if ('seeds' in job) return runSeeds(job.seeds)
  if ('mistake' in job) {
    const found = await findMistake(job.mistake, seed, schedules)
    const result = found
      ? `schedule ${found.schedule}: ${found.violation}`
      : `NOT FOUND in ${schedules} schedules`
    return {
      lines: [`${job.mistake}: ${result}`],
      isFailed: !found,
    }
  }
  const {
    violation,
    trace,
    schedules: tried,
    isComplete,
  } = await explore(job.orders, 1, ordersBound)
  const reach = isComplete ? 'every order' : `not every order, since the bound is ${ordersBound}`
  const line = `${job.orders}, two requests on two instances, at most one fault: ${tried} schedules, ${reach}`
  const isFailed = violation !== undefined
  return { lines: isFailed ? [line, `VIOLATION: ${violation}`, ...trace] : [line], isFailed }
}

async function runSeeds(all: readonly number[]): Promise<Done> {
  const lines = [`Seeds ${all[0]} to ${all.at(-1)}`]
  const seeds: number[] = []
  for (const one of all) {
    const violation = await runSeed(nameFor(one), one)
    if (violation === undefined) continue
    lines.push(`VIOLATION: ${violation}, with seed ${one}, scenario ${nameFor(one)}`)
    seeds.push(one)
  }
  return { lines, isFailed: seeds.length > 0, seeds }
}

/** Runs one schedule and prints what happens. */
async function show(one: number): Promise<void> {
  const name = nameFor(one)
  const violation = await runSeed(
    name,
    one,
    values.trace || schedules > 1 ? { trace: console.log } : {},
  )
  if (violation === undefined) return
  process.exitCode = 1
  console.log(`VIOLATION: ${violation}; to repeat:`)
  console.log(`npm run simulate -- --seed ${one} --schedules 1 --scenario ${name} --trace`)
}

/** The scenarios take turns. */
function nameFor(one: number): string {
  return names[one % names.length] ?? ''
}
