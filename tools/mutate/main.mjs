// Changes the decisions of the project one by one, and expects a unit test to fail for each change. Prints
// the share of changes that were noticed, by file, and each one that was not. Stryker makes the changes,
// in a copy of the workspace; 9.6 is its last version that runs on Node 20.
// `npm run mutate -- account` does so for the files whose path has that word.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyWorkspace } from '../scripts/copy-workspace.mjs'

/** What decides besides every `decide.ts`. Each has a unit test under the same name. */
const decisions = [
  'core/src/jwks/refresh-policy.ts',
  'core/src/jwks/unknown-kids.ts',
  'web/src/attempt/bound-attempt.ts',
  'web/src/attempt/limits.ts',
  'web/src/attempt/state.ts',
  'web/src/failure.ts',
  'web/src/guard/access.ts',
  'web/src/request/cross-site.ts',
]
/** The least share of changes that must be noticed in each file, in per cent. */
const least = 85

const stryker = ['core', 'vitest-runner'].flatMap((name) => [
  '-p',
  `@stryker-mutator/${name}@9.6.1`,
])
const report = 'mutation.json'

const [word = ''] = process.argv.slice(2)
const { path: copy, remove } = copyWorkspace()
try {
  const files = [...decisions, ...decideFiles()].filter((file) => file.includes(word))
  const isEnough = mutate(files).map(printScore)
  process.exitCode = isEnough.length > 0 && isEnough.every(Boolean) ? 0 : 1
} finally {
  remove()
}

function decideFiles() {
  return ['core', 'web'].flatMap((name) =>
    readdirSync(join(copy, 'packages', name, 'src'), { recursive: true })
      .filter((file) => file.endsWith('decide.ts'))
      .map((file) => `${name}/src/${file.replaceAll('\\', '/')}`),
  )
}

/** Runs Stryker on these files, with their unit tests alone; returns what it found, by file. */
function mutate(files) {
  const tests = files.map((file) => file.replace('/src/', '/test/').replace(/\.ts$/, '.test.ts'))
  const missing = tests.filter((test) => !existsSync(join(copy, 'packages', test)))
  if (missing.length > 0) throw new Error(`no such test: ${missing.join(', ')}`)
  const include = JSON.stringify(tests.map((test) => `packages/${test}`))
  writeFileSync(
    join(copy, 'vitest.mutate.config.ts'),
    `import { base } from './vitest.base.ts'
export default { ...base, test: { ...base.test, include: ${include}, reporters: ['default'] } }
`,
  )
  const config = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'vitest.mutate.config.ts' },
    mutate: files.map((file) => `packages/${file}`),
    // Stryker would rewrite it with a version of TypeScript that the workspace does not have.
    tsconfigFile: 'none.json',
    coverageAnalysis: 'perTest',
    concurrency: 1,
    reporters: ['json'],
    jsonReporter: { fileName: report },
  }
  writeFileSync(join(copy, 'stryker.config.json'), JSON.stringify(config))
  const args = ['-y', ...stryker, 'stryker', 'run', '--logLevel', 'warn']
  spawnSync('npx', args, { cwd: copy, stdio: ['ignore', 'inherit', 'inherit'] })
  return Object.entries(JSON.parse(readFileSync(join(copy, report), 'utf8')).files)
}

/** Prints the score of a file and the changes that no test noticed; returns whether it is enough. */
function printScore([file, { source, mutants }]) {
  const lines = source.split('\n')
  const tested = mutants.filter(({ status }) => !['Ignored', 'CompileError'].includes(status))
  const survivors = tested.filter(({ status }) => ['Survived', 'NoCoverage'].includes(status))
  const noticed = tested.length - survivors.length
  const percent = tested.length === 0 ? 100 : (100 * noticed) / tested.length
  console.log(`${percent.toFixed(1)} % of ${tested.length} noticed: ${file}`)
  for (const { location, replacement = '', status } of survivors) {
    const { start, end } = location
    const line = lines[start.line - 1]
    const was = start.line === end.line ? line.slice(start.column - 1, end.column - 1) : line.trim()
    const now = replacement.replaceAll(/\s+/g, ' ')
    console.log(`  line ${start.line}, ${status}: ${was} → ${now}`)
  }
  return percent >= least
}
