/**
 * `npm run fuzz -- [--count N] [--seed N] [--first N] [--minutes N]`: half of `count` inputs are tokens
 * for the validation, the other half are requests to apps, in a process each. Ends with code 1 if the
 * result of one of them is not what the documentation says.
 *
 * The seed and the number of an input reproduce it, except for keys and tokens of the service, which
 * are new in every run; `--first` is the number of the first input. After `--minutes` the run ends
 * and prints how many inputs were done: fewer than `count` is a failure too.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startEmulator } from '@linkpass/emulator'
import type { Service } from './app.ts'
import type { Share, Tally } from './tally.ts'
import type { Report, Task } from './worker.ts'

const options = readCommandLine() ?? usage()
const { count, seed, first, minutes } = options

// Times and memory depend on the machine: a short run prints them, and only a long one can fail on them.
const isLong = count >= 100_000

console.log(`Fuzzing ${count} inputs, seed ${seed}, Node ${process.versions.node}`)
console.log(
  `(to repeat: npm run fuzz -- --count ${count} --seed ${seed} --first ${first} --minutes ${minutes})`,
)
const startedAt = performance.now()
// Each half ends by itself when its time is over, unless it hangs.
const deadline = setTimeout(
  () => {
    console.log('FAILED: not finished two minutes after its time')
    process.exit(1)
  },
  (minutes + 2) * 60_000,
)
await using emulator = await startEmulator()
const service: Service = { url: emulator.url, projectId: emulator.projectId }
const endsAt = Date.now() + minutes * 60_000
const share: Share = { count: Math.ceil(count / 2), seed, first, endsAt }
await Promise.all([
  runHalf({ half: 'tokens', share, service }),
  runHalf({ half: 'requests', share: { ...share, count: Math.floor(count / 2) }, service }),
])
clearTimeout(deadline)

/** Runs a half in a process of its own and prints its result. */
async function runHalf(task: Task): Promise<void> {
  const tally = await new Promise<Tally | undefined>((resolve) => {
    const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)))
    let shown = 0
    worker.on('message', (report: Report) => {
      if ('tally' in report) return resolve(report.tally)
      const tenth = Math.floor((report.done * 10) / task.share.count)
      if (tenth > shown && tenth < 10) console.log(`  ${task.half}: ${(shown = tenth)}0 %`)
    })
    worker.once('exit', () => resolve(undefined))
    worker.send(task)
  })
  print(task, tally)
}

function print({ half }: Task, tally: Tally | undefined): void {
  const hasPassed =
    tally?.findings.every(({ holds, measured }) => holds || (measured && !isLong)) ?? false
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${hasPassed ? 'passed' : 'FAILED'} ${half}, after ${seconds} s`)
  for (const { what, value, bar, holds, measured } of tally?.findings ?? []) {
    console.log(
      `  ${what}: ${value} (${bar})${holds ? '' : measured && !isLong ? ' over' : ' MISSED'}`,
    )
  }
  for (const [outcome, times] of tally?.outcomes ?? []) {
    console.log(`    ${outcome.padEnd(24)} ${times}`)
  }
  for (const violation of tally?.violations ?? ['the process ended before all inputs were done']) {
    console.error(`  ${violation}`)
  }
  if (!hasPassed) process.exitCode = 1
}

interface Options {
  readonly count: number
  readonly seed: number
  readonly first: number
  readonly minutes: number
}

/** The options on the command line; undefined when they are invalid. */
function readCommandLine(): Options | undefined {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({
      options: { count: text, seed: text, first: text, minutes: text },
    })
    const given = {
      count: Number(values.count ?? 400_000),
      seed: Number(values.seed ?? Math.floor(Math.random() * 2 ** 31)),
      first: Number(values.first ?? 0),
      minutes: Number(values.minutes ?? 10),
    }
    const isValid = Object.values(given).every((value) => Number.isSafeInteger(value) && value >= 0)
    return isValid && given.count >= 2 && given.minutes >= 1 ? given : undefined
  } catch {
    return undefined
  }
}

function usage(): never {
  console.error(
    'Usage: npm run fuzz -- [--count N] [--seed N] [--first N] [--minutes N], all whole numbers.',
  )
  return process.exit(2)
}
