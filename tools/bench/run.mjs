// `npm run bench [name …]`: installs the peers when it first runs, builds the packages, and prints
// the tables. Every figure is a ratio measured side by side in this run. `npm run bench bars` runs those
// that have a bar, and prints each figure beside it.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from '../scripts/packages.mjs'

const here = fileURLToPath(new URL('./', import.meta.url))
const all = [
  'validate',
  'invalid-tokens',
  'key-fetches',
  'memory',
  'streams',
  'calls',
  'start',
  'express',
  'fetch',
  'fetch-cpu',
  'emulator',
  'store',
]
const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => name !== 'bars' && !all.includes(name))
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${all.join(', ')}, bars.`)
  process.exit(2)
}

const run = (command, args, cwd) => execFileSync(command, args, { cwd, stdio: 'inherit' })
if (!existsSync(new URL('node_modules', import.meta.url))) {
  console.error('First run: installing the packages that are compared …')
  run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock', '--silent'],
    here,
  )
}
await build()

const today = new Date().toISOString().slice(0, 10)
console.log(
  `Linkpass bench, ${today}, Node ${process.versions.node}; ratios, higher is better unless said.`,
)
for (const name of chosen.length > 0 ? chosen : all) {
  const args = ['--expose-gc', `${name}.mjs`]
  const { status } = spawnSync(process.execPath, args, { cwd: here, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
