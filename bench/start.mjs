// What starting costs: importing, process start to a first validated request, packages installed.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { interleave, median, table, timed } from './rounds.mjs'
import { createIssuer, createStub, projectId } from './tokens.mjs'
import { INCUMBENT } from './validators.mjs'

const here = new URL('./', import.meta.url)
const specifiers = { linkpass: '../packages/core/dist/index.js', [INCUMBENT]: INCUMBENT }

/** Runs source in a process of its own; this one goes on serving keys meanwhile. */
function runNode(source) {
  const args = ['--input-type=module', '--eval', source]
  const child = spawn(process.execPath, args, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}`))))
  })
}

const issuer = await createIssuer()
const stub = await createStub({ jwk: issuer.jwk })
const token = await issuer.mint()

const contenders = { nothing: () => timed(() => runNode('')) }
for (const [name, specifier] of Object.entries(specifiers)) {
  const load = `import create from ${JSON.stringify(specifier)}\n`
  const validate = `const sdk = create(${JSON.stringify({ projectId, baseUrl: stub.url })})
    await sdk.validateSession(${JSON.stringify(token)})
    process.exit(0)`
  contenders[`${name}, import`] = () => timed(() => runNode(load))
  contenders[`${name}, first validated request`] = () => timed(() => runNode(load + validate))
}
const costs = await interleave(contenders)
await stub.close()

/** The median of what a contender took beyond an empty process in the same round. */
function added(name) {
  return median(costs[name].map((ms, round) => ms - costs.nothing[round]))
}

/** How many packages an install of these into an empty folder brings, as npm counts them. */
function packagesOf(names) {
  const folder = mkdtempSync(join(tmpdir(), 'linkpass-count-'))
  const args = [
    'install',
    '--dry-run',
    '--loglevel',
    'notice',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    ...names,
  ]
  const out = execFileSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  rmSync(folder, { recursive: true })
  return Number(/added (\d+) packages?/.exec(out)?.[1])
}

const { dependencies } = JSON.parse(
  readFileSync(new URL('../packages/core/package.json', here), 'utf8'),
)
const own = JSON.parse(readFileSync(new URL('package.json', here), 'utf8')).dependencies
const ours = Object.keys(dependencies).map((name) => (own[name] ? `${name}@${own[name]}` : name))

table(
  'Starting, beyond an empty process, as a share of the incumbent',
  ['', 'linkpass'],
  [
    ...['import', 'first validated request'].map((what) => [
      what,
      (added(`linkpass, ${what}`) / added(`${INCUMBENT}, ${what}`)).toFixed(2),
    ]),
  ],
)
table(
  'Packages installed',
  ['linkpass', INCUMBENT],
  [[packagesOf(ours) + 1, packagesOf([`${INCUMBENT}@${own[INCUMBENT]}`])]],
)
