/**
 * `npm run soak -- [name …] [--quick] [--seed N]`: the long proofs, one line each with its figures
 * and their bars. Ends with code 1 if one is missed. Quick runs are too short for what is measured
 * of the machine to mean anything: there the counts alone decide.
 */
import { parseArgs } from 'node:util'
import type { Finding } from './finding.ts'
import { proofs } from './proofs.ts'

const { names, quick, seed } = readCommandLine() ?? usage()

/** However slow the machine, a proof is over after this long, and lost. */
const longestMs = 15 * 60_000

const noise: unknown[] = []
for (const event of ['unhandledRejection', 'uncaughtException', 'warning'] as const) {
  process.on(event, (what: unknown) => noise.push(what))
}

const size = quick ? 'quick' : 'full'
console.log(`Soak, ${size}, seed ${seed}, Node ${process.versions.node}`)
for (const name of names) {
  const deadline = setTimeout(() => {
    console.log(`MISSED ${name}: not over after ${longestMs / 60_000} minutes`)
    process.exit(1)
  }, longestMs)
  const startedAt = performance.now()
  const findings = await proofs[name]?.[size](seed).catch((error: unknown) => {
    noise.push(error)
  })
  clearTimeout(deadline)
  report(name, findings ?? [], performance.now() - startedAt)
}

function report(name: string, findings: readonly Finding[], ms: number): void {
  const isHeld =
    noise.length === 0 && findings.every(({ holds, measured }) => holds || (quick && measured))
  const figures = findings.map(
    ({ what, value, bar, holds }) => `${what} ${value}${holds ? '' : ' MISSED'} (${bar})`,
  )
  const line = [`${(ms / 1000).toFixed(1)} s`, ...figures].join(' · ')
  console.log(`${isHeld ? 'held  ' : 'MISSED'} ${name}: ${line}`)
  for (const what of noise.splice(0)) console.error('  reported:', what)
  if (!isHeld) process.exitCode = 1
}

/** What is asked for; undefined when it cannot be right. */
function readCommandLine(): { names: string[]; quick: boolean; seed: number } | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { quick: { type: 'boolean', default: false }, seed: { type: 'string' } },
    })
    const names = positionals.length > 0 ? positionals : Object.keys(proofs)
    const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
    const isRight = names.every((name) => Object.hasOwn(proofs, name)) && Number.isSafeInteger(seed)
    return isRight ? { names, quick: values.quick, seed } : undefined
  } catch {
    return undefined
  }
}

function usage(): never {
  console.error('Usage: npm run soak -- [name …] [--quick] [--seed N], the names being among:')
  for (const [name, { claim }] of Object.entries(proofs)) console.error(`  ${name}: ${claim}`)
  return process.exit(2)
}
