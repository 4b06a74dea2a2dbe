// `npm run bench bars`: runs the benches that have a bar, and prints each figure beside its bar. Ends with
// code 1 if one is missed. Times need a quiet machine: other work makes ratios worse, and never better.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { table } from './rounds.mjs'

const seen = 'sessions seen before (1,000 of them)'
const express = { bench: 'express', of: `Express route, ${seen}` }
const fetch = { bench: 'fetch', of: `Fetch handler in Hono, ${seen}` }
const fetchOnNode = { bench: 'fetch', of: `Fetch handler on node:http, ${seen}` }
const known = 'RS256, 1,000 tokens seen before, as fresh strings (only linkpass and fast-jwt cache)'

/** A bar for the figure in a row and a column of a table. */
const bars = [
  bar('guarded Express route, of a no-op', express, 'linkpass', 'of the no-op', { min: 0.92 }),
  bar(
    ...['the same without Cache-Control', express, 'linkpass, cacheControl: false'],
    ...['of the no-op', { min: 0.95 }],
  ),
  bar(
    ...['every token new, of the incumbent'],
    ...[{ bench: 'express', of: 'Express route, every token new' }, 'linkpass'],
    ...['× the incumbent', { min: 1.1 }],
  ),
  bar('guarded route of Hono, of a no-op', fetch, 'linkpass', 'of the no-op', { min: 0.92 }),
  bar(
    ...['guarded Fetch handler on node:http, of a no-op', fetchOnNode, 'linkpass'],
    ...['of the no-op', { min: 0.92 }],
  ),
  bar(
    ...['`validateSession`, seen before, of the incumbent', { bench: 'validate', of: known }],
    ...['linkpass', '× the incumbent', { min: 80 }],
  ),
  bar(
    ...['`validateSession`, new token, of bare `crypto.verify`'],
    ...[{ bench: 'validate', of: 'RS256, every token new, one after another' }],
    ...['linkpass, no cache', '× bare verify', { min: 0.82 }],
  ),
  bar(
    ...['with `revocation` on, of off'],
    ...[{ bench: 'store', of: 'A session seen before, with revocation on' }],
    ...['of off', 'figure', { min: 0.95 }],
  ),
  bar(
    ...['the guard around a store, µs', { bench: 'store', of: 'The guard around a store' }],
    ...['deadline and breaker', 'added to an operation', { max: 5 }],
  ),
  bar(
    ...['store commands of a refresh', { bench: 'store', of: 'Commands' }],
    ...['a refresh, and the first request after it', 'commands', { max: 8 }],
  ),
  ...['import', 'first validated request'].map((what) =>
    bar(
      ...[`${what}, of the incumbent`],
      ...[
        { bench: 'start', of: 'Starting, beyond an empty process, as a share of the incumbent' },
        what,
      ],
      ...['linkpass', { max: what === 'import' ? 0.34 : 0.6 }],
    ),
  ),
  bar(
    ...['heap of a cached session, kB', { bench: 'memory', of: 'Heap of 10,000 cached sessions' }],
    ...['linkpass', 'each', { max: 1.5 }],
  ),
]

const tables = new Map()
for (const bench of new Set(bars.map((one) => one.bench))) await runBench(bench)

const rows = bars.map(({ what, of, row, column, limit }) => {
  const figure = figureOf(of, row, column)
  const met = limit.min === undefined ? figure <= limit.max : figure >= limit.min
  if (!met) process.exitCode = 1
  return [
    what,
    String(figure),
    limit.min === undefined ? `≤ ${limit.max}` : `≥ ${limit.min}`,
    met ? 'met' : 'missed',
  ]
})
table('Bars', ['what', 'figure', 'bar', ''], rows)

function bar(what, { bench, of }, row, column, limit) {
  return { what, bench, of, row, column, limit }
}

/** Prints what a bench prints, and keeps its tables. */
async function runBench(name) {
  const args = ['--expose-gc', `${name}.mjs`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
    process.stdout.write(chunk)
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${name}.mjs ended with code ${code}.`)
  for (const part of printed.split('\n### ').slice(1)) {
    const [title, ...lines] = part.split('\n')
    const cells = lines.filter((line) => line.startsWith('|')).map(cellsOf)
    tables.set(title, cells)
  }
}

function figureOf(title, row, column) {
  const [, cells = []] = [...tables].find(([name]) => name.startsWith(title)) ?? []
  const line = cells.find(([name]) => name === row)
  const figure = Number.parseFloat(line?.[cells[0].indexOf(column)])
  if (Number.isNaN(figure)) throw new Error(`No figure for "${row}" in the table "${title}".`)
  return figure
}

function cellsOf(line) {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}
