// Shows that the tests of attacks can fail: in a copy of the workspace, takes away one rule after the
// other, as if the attack were possible again, and expects the tests of the attack to fail on every
// adapter. `npm run prove -- logout` proves the attacks whose description has that word.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attacks } from './attacks.mjs'
import { copyWorkspace } from '../scripts/copy-workspace.mjs'

const [word = ''] = process.argv.slice(2)
const chosen = attacks.filter(({ attack }) => attack.includes(word))
const copy = copyWorkspace()
let problems
try {
  problems = [...problemsOfTests(), ...chosen.flatMap(problemsOf)]
} finally {
  copy.remove()
}
for (const problem of problems) console.error(problem)
if (chosen.length === 0 || problems.length > 0) process.exit(1)
console.log(`${chosen.length} attacks, each is seen by its tests`)

/** Without a change, every test passes, and every pattern matches one. */
function problemsOfTests() {
  const tests = chosen.flatMap((attack) => attack.tests)
  const results = run(tests)
  const failed = results.filter(({ status }) => status === 'failed')
  const unmatched = tests.filter((test) => matching(results, test).length === 0)
  return [
    ...failed.map(({ fullName }) => `fails without a change: ${fullName}`),
    ...unmatched.map(([file, name]) => `no test in ${file} ran that matches: ${name}`),
  ]
}

/** With the rule taken away, the tests fail in each group, so on each adapter. */
function problemsOf({ attack, file, rule, without, tests }) {
  const path = join(copy.path, file)
  const source = readFileSync(path, 'utf8')
  if (source.split(rule).length !== 2) return [`not once in ${file}: ${rule}`]
  writeFileSync(
    path,
    source.replace(rule, () => without),
  )
  const results = run(tests)
  writeFileSync(path, source)
  const unseen = tests.flatMap((test) =>
    groupsWithoutFailure(matching(results, test)).map((group) => `${group}: ${test[1]}`),
  )
  console.log(`${unseen.length === 0 ? 'seen' : 'NOT SEEN'}: ${attack}`)
  return unseen.map((group) => `${attack}: not seen by ${group}`)
}

function groupsWithoutFailure(results) {
  const failed = results.filter(({ status }) => status === 'failed').map(groupOf)
  return [...new Set(results.map(groupOf))].filter((group) => !failed.includes(group))
}

function groupOf({ ancestorTitles }) {
  return ancestorTitles.join(' ')
}

function matching(results, [file, name]) {
  const pattern = new RegExp(name)
  return results.filter((result) => result.file.endsWith(file) && pattern.test(result.fullName))
}

/** Runs the tests, in one process; those that were skipped are left out. */
function run(tests) {
  const output = join(copy.path, 'results.json')
  const files = [...new Set(tests.map(([file]) => file))]
  const names = tests.map(([, name]) => `(?:${name})`).join('|')
  const vitest = join(copy.path, 'node_modules/vitest/vitest.mjs')
  const args = ['run', ...files, '-t', names, '--reporter=json', `--outputFile=${output}`]
  spawnSync(process.execPath, [vitest, ...args], { cwd: copy.path, stdio: 'ignore' })
  const { testResults } = JSON.parse(readFileSync(output, 'utf8'))
  rmSync(output)
  const results = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, file: name })),
  )
  return results.filter(({ status }) => status === 'passed' || status === 'failed')
}
