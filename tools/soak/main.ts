/**
 * `npm run soak -- [name …] [--quick] [--seed N]`: runs long scenarios and prints a line for each,
 * with its figures and their limits. Ends with code 1 if a limit is missed. Quick runs are too short
 * for figures that depend on the machine: there only the counts decide.
 */
import { parseArgs } from 'node:util'
import type { Finding } from './finding.ts'
import { scenarios } from './scenarios.ts'

const { names, quick, seed } = readCommandLine() ?? usage()

/** A scenario that takes longer than this has failed. */
const longestMs = 30 * 60_000

const noise: unknown[] = []
for (const event of ['unhandledRejection', 'uncaughtException', 'warning'] as const) {
  process.on(event, (what: unknown) => noise.push(what))
}

const size = quick ? 'quick' : 'full'
console.log(`Soak, ${size}, seed ${seed}, Node ${process.versions.node}`)
for (const name of names) {
  const deadline = setTimeout(() => {
    console.log(`FAILED ${name}: not finished after ${longestMs / 60_000} minutes`)
    process.exit(1)
  }, longestMs)
  const startedAt = performance.now()
  const findings = await scenarios[name]?.[size](seed).catch((error: unknown) => {
    noise.push(error)
  })
  clearTimeout(deadline)
  report(name, findings ?? [], performance.now() - startedAt)
}

function report(name: string, findings: readonly Finding[], ms: number): void {
  const hasPassed =
    noise.length === 0 && findings.every(({ holds, measured }) => holds || (quick && measured))
  const figures = findings.map(
    ({ what, value, bar, holds, measured }) =>
      `${what} ${value}${holds ? '' : measured && quick ? ' over' : ' MISSED'} (${bar})`,
  )
  const line = [`${(ms / 1000).toFixed(1)} s`, ...figures].join(' · ')
  console.log(`${hasPassed ? 'passed' : 'FAILED'} ${name}: ${line}`)
  for (const what of noise.splice(0)) console.error('  reported:', what)
  if (!hasPassed) process.exitCode = 1
}

/** The options on the command line; undefined when they are invalid. */
function readCommandLine(): { names: string[]; quick: boolean; seed: number } | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { quick: { type: 'boolean', default: false }, seed: { type: 'string' } },
    })
    const names = positionals.length > 0 ? positionals : Object.keys(scenarios)
    const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
    const isValid =
      names.every((name) => Object.hasOwn(scenarios, name)) && Number.isSafeInteger(seed)
    return isValid ? { names, quick: values.quick, seed } : undefined
  } catch {
    return undefined
  }
}

function usage(): never {
  console.error('Usage: npm run soak -- [name …] [--quick] [--seed N], with these names:')
  for (const [name, { claim }] of Object.entries(scenarios)) console.error(`  ${name}: ${claim}`)
  return process.exit(2)
}
