/**
 * `npm run soak -- [name …] [--quick] [--seed N]`: the long proofs, one line each with its figures
 * and their bars. Ends with code 1 if one is missed. Quick runs are too short for what is measured
 * of the machine to mean anything: there the counts alone decide.
 */
import { parseArgs } from 'node:util'
import type { Finding } from './finding.ts'
import { proofs } from './proofs.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, seed: { type: 'string' } },
})
const names = positionals.length > 0 ? positionals : Object.keys(proofs)
const unknown = names.filter((name) => !Object.hasOwn(proofs, name))
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
if (unknown.length > 0 || !Number.isSafeInteger(seed)) {
  console.error(`Usage: npm run soak -- [name …] [--quick] [--seed N], the names being among:`)
  for (const [name, { claim }] of Object.entries(proofs)) console.error(`  ${name}: ${claim}`)
  process.exit(2)
}

/** However slow the machine, a proof is over after this long, and lost. */
const longestMs = 15 * 60_000

const noise: unknown[] = []
for (const event of ['unhandledRejection', 'uncaughtException', 'warning'] as const) {
  process.on(event, (what: unknown) => noise.push(what))
}

const size = values.quick ? 'quick' : 'full'
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
    noise.length === 0 &&
    findings.every(({ holds, measured }) => holds || (values.quick && measured))
  const figures = findings.map(
    ({ what, value, bar, holds }) => `${what} ${value}${holds ? '' : ' MISSED'} (${bar})`,
  )
  const line = [`${(ms / 1000).toFixed(1)} s`, ...figures].join(' · ')
  console.log(`${isHeld ? 'held  ' : 'MISSED'} ${name}: ${line}`)
  for (const what of noise.splice(0)) console.error('  reported:', what)
  if (!isHeld) process.exitCode = 1
}
