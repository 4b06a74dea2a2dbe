/**
 * `npm run simulate -- [--schedules N] [--seed N] [--scenario NAME]`: runs random schedules, one for each
 * seed from N on, and ends with code 1 if one violates an invariant. `--schedules 1 --trace` shows one.
 *
 * - `--orders`: instead, every order of two requests on two instances, with at most one fault
 * - `--mistakes`: instead, plants faults in dependencies, and ends with code 1 if one is not found
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { mistakes } from './mistakes.ts'
import { explore, findMistake, runSeed } from './run.ts'
import { scenarios } from './scenarios.ts'

const mostOrders = 20_000
/** How many schedules are run as one task. */
const batch = 50
const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const { values } = parseArgs({
  options: {
    ...{ schedules: text, seed: text, scenario: text, part: text },
    ...{ orders: flag, mistakes: flag, trace: flag },
  },
})
const schedules = Number(values.schedules ?? (values.mistakes ? 20_000 : 2000))
const seed = Number(values.seed ?? (values.mistakes ? 0 : Math.floor(Math.random() * 1e9)))
const chosen = Object.entries(scenarios).filter(([name]) => name === (values.scenario ?? name))
if (chosen.length === 0 || !Number.isSafeInteger(seed + schedules)) {
  const names = Object.keys(scenarios).join(', ')
  throw new RangeError(`--seed and --schedules take an integer, --scenario one of ${names}.`)
}
const parts = Math.min(schedules, availableParallelism())
if (values.part === undefined) await runParts()
else await runPart(Number(values.part))

/** Splits the tasks among as many processes as there are cores. */
async function runParts(): Promise<void> {
  const startedAt = performance.now()
  const [, ...args] = process.argv
  const ends = Array.from({ length: parts }, async (_, part) => {
    const all = [...process.execArgv, ...args, '--seed', `${seed}`, '--part', `${part}`]
    const [code] = await once(spawn(process.execPath, all, { stdio: 'inherit' }), 'exit')
    if (code !== 0) process.exitCode = 1
  })
  await Promise.all(ends)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  const what = values.orders ? 'orders' : `up to ${schedules} schedules from seed ${seed}`
  console.log(`${process.exitCode === 1 ? 'FAILED' : 'passed'}: ${what}, in ${seconds} s`)
}

async function runPart(part: number): Promise<void> {
  // The library warns of failures that are simulated here.
  process.removeAllListeners('warning')
  const tasks = values.mistakes ? mistakeTasks() : values.orders ? orderTasks() : seedTasks()
  for (const [index, task] of tasks.entries()) if (index % parts === part) await task()
  // Deadlines of requests that were never answered would keep the process alive.
  process.exit()
}

function seedTasks(): (() => Promise<void>)[] {
  return Array.from({ length: Math.ceil(schedules / batch) }, (_, index) => async () => {
    const first = seed + index * batch
    for (let one = first; one < Math.min(first + batch, seed + schedules); one += 1) {
      const [name, scenario] = chosen[one % chosen.length] ?? []
      const trace = values.trace ? console.log : undefined
      const violation = scenario && (await runSeed(scenario, one, trace))
      if (violation === undefined) continue
      fail(`VIOLATION: ${violation}. To repeat it:`)
      console.log(`npm run simulate -- --seed ${one} --schedules 1 --scenario ${name} --trace`)
    }
  })
}

function orderTasks(): (() => Promise<void>)[] {
  return chosen.map(([name, scenario]) => async () => {
    const { violation, schedules, isComplete } = await explore(scenario, 1, mostOrders)
    console.log(`${name}: ${schedules} orders, ${isComplete ? 'all of them' : 'and not all'}`)
    if (violation !== undefined) fail(`VIOLATION: ${violation}`)
  })
}

function mistakeTasks(): (() => Promise<void>)[] {
  return Object.entries(mistakes).map(([name, mistake]) => async () => {
    const found = await findMistake(mistake, seed, schedules)
    if (found === undefined) fail(`${name}: NOT FOUND in ${schedules} schedules`)
    else console.log(`${name}: schedule ${found.schedule}: ${found.violation}`)
  })
}

function fail(line: string): void {
  process.exitCode = 1
  console.log(line)
}
