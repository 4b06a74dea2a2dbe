// What starting costs: importing, process start to a first validated request, packages installed.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { interleave, median, table } from './rounds.mjs'
import { createIssuer, createStub, projectId } from './tokens.mjs'
import { INCUMBENT } from './validators.mjs'

const here = new URL('./', import.meta.url)
const specifiers = { linkpass: '../../packages/core/dist/index.js', [INCUMBENT]: INCUMBENT }

/**
 * Runs source in a process of its own, and resolves to the milliseconds until it reports that it is
 * done; this process serves keys meanwhile.
 */
async function untilDone(source) {
  const args = ['--input-type=module', '--eval', `${source}\nprocess.stdout.write('done')`]
  const start = process.hrtime.bigint()
  const child = spawn(process.execPath, args, { cwd: here, stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  await once(child.stdout, 'data')
  const ms = Number(process.hrtime.bigint() - start) / 1e6
  child.kill()
  await exit
  return ms
}

const issuer = await createIssuer()
const stub = await createStub({ jwk: issuer.jwk })
const token = await issuer.mint()

const contenders = { nothing: () => untilDone('') }
for (const [name, specifier] of Object.entries(specifiers)) {
  const load = `import create from ${JSON.stringify(specifier)}\n`
  const validate = `const sdk = create(${JSON.stringify({ projectId, baseUrl: stub.url })})
    await sdk.validateSession(${JSON.stringify(token)})`
  contenders[`${name}, import`] = () => untilDone(load)
  contenders[`${name}, first validated request`] = () => untilDone(load + validate)
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
  readFileSync(new URL('../../packages/core/package.json', here), 'utf8'),
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
