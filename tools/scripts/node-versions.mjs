// `npm run versions [Node …]`: runs the tests of core and of both adapters on each supported Node, with
// Express 4 and 5, and prints a table. The Nodes are installed as npm packages into a folder of its own.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { root, run } from './packages.mjs'

const platform = `${process.platform}-${process.arch}`
const chosen = process.argv.slice(2)
const versions = chosen.length > 0 ? chosen : ['20.19.0', '22', '24', '26']
const adapter = ['session', 'magic-link']
/** What is run: what a Node may decide otherwise, such as requests, keys, signatures, streams and modules. */
const tests = {
  core: ['http', 'jwt', 'jwks', 'crypto', 'store', 'two-copies', 'start-up'].map(
    (name) => `packages/core/test/${name}`,
  ),
  express: adapter.map((name) => `packages/express/test/adapter/${name}.test.ts`),
  fetch: adapter.map((name) => `packages/fetch/test/adapter/${name}.test.ts`),
}

if (!['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'].includes(platform)) {
  console.error(`There is no npm package of Node for ${platform}.`)
  process.exit(2)
}
const folder = mkdtempSync(join(tmpdir(), 'linkpass-nodes-'))
const rows = versions.map(testOn)
rmSync(folder, { recursive: true })
const names = Object.keys(tests)
console.log(`\n| Node | ${names.join(' | ')} |\n|---|${names.map(() => '---|').join('')}`)
for (const { node, counts } of rows) {
  const cells = names.map((name) => counts[name].join(' passed, ') + ' failed')
  console.log(`| ${node} | ${cells.join(' | ')} |`)
}
const failed = rows.some(({ counts }) => names.some((name) => counts[name][1] > 0))
process.exit(failed ? 1 : 0)

function testOn(version) {
  const prefix = join(folder, version)
  run('npm', [
    'install',
    '--prefix',
    prefix,
    '--silent',
    '--no-audit',
    `node-${platform}@${version}`,
  ])
  const node = join(prefix, 'node_modules', `node-${platform}`, 'bin/node')
  const results = join(prefix, 'results.json')
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...Object.values(tests).flat()]
  // A busy machine is no failure of a Node.
  const reporters = [
    '--testTimeout=60000',
    '--reporter=dot',
    '--reporter=./tools/scripts/skip-reasons.mjs',
    '--reporter=json',
    `--outputFile.json=${results}`,
  ]
  spawnSync(node, [...args, ...reporters], { cwd: root, stdio: 'inherit' })
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'))
  const counts = Object.fromEntries(
    Object.keys(tests).map((name) => [name, countsOf(testResults, name)]),
  )
  return { node: run(node, ['--version']).trim(), counts }
}

/** How many tests of a package passed and failed; a file that does not load is one that failed. */
function countsOf(testResults, name) {
  const files = testResults.filter(({ name: file }) =>
    relative(root, file).startsWith(`packages/${name}/`),
  )
  const all = files.flatMap(({ assertionResults }) => assertionResults)
  const broken = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const count = (status) => all.filter((test) => test.status === status).length
  return [count('passed'), count('failed') + broken.length]
}
