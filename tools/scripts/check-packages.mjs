// Builds and packs every published package, checks the tarballs, then installs them into an empty
// folder as a user does and uses them from ESM, CommonJS and TypeScript.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pack } from './pack-all.mjs'
import { build, root, run } from './packages.mjs'

const work = mkdtempSync(join(tmpdir(), 'linkpass-pack-'))

function check(command, args, cwd) {
  run(command, args, cwd)
  console.log(`ok: ${[command, ...args].join(' ').replaceAll(work, '…').replaceAll(root, '')}`)
}

build()
const tarballs = pack(work)
const bin = (name) => join(root, 'node_modules/.bin', name)
for (const tarball of tarballs) {
  check(bin('publint'), [tarball, '--strict'])
  check(bin('attw'), [tarball])
}

const app = join(work, 'app')
mkdirSync(app)
writeFileSync(
  join(app, 'package.json'),
  '{ "name": "consumer", "private": true, "type": "module" }\n',
)
const types = ['typescript', '@types/node', '@types/express'].map((name) => {
  const manifest = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')
  return `${name}@${JSON.parse(manifest).version}`
})
// The last compiler with `moduleResolution: node` and no warning of it; TypeScript 7 has it no more.
types.push('typescript5@npm:typescript@~5.9.3')
const quiet = ['--no-audit', '--no-fund', '--prefer-offline']
check('npm', ['install', ...quiet, ...tarballs, 'express', ...types], app)
cpSync(join(root, 'tools/scripts/consumer'), app, { recursive: true })
cpSync(join(app, 'use.ts'), join(app, 'use.cts'))
check('node', ['links.mjs'], app)
check('node', ['use.mjs'], app)
check('node', ['use.cjs'], app)
check('node', ['use-both.mjs'], app)
check('node', ['--no-experimental-require-module', 'use.cjs'], app)
for (const [compiler, module, moduleResolution] of [
  ['typescript', 'NodeNext', 'NodeNext'],
  ['typescript', 'Node16', 'Node16'],
  ['typescript', 'ESNext', 'Bundler'],
  ['typescript', 'CommonJS', 'Bundler'],
  ['typescript5', 'NodeNext', 'NodeNext'],
  ['typescript5', 'CommonJS', 'Node'],
]) {
  const tsc = join('node_modules', compiler, 'bin/tsc')
  const mode = ['--module', module, '--moduleResolution', moduleResolution]
  check('node', [tsc, '-p', 'tsconfig.json', ...mode], app)
}
check('node_modules/.bin/linkpass-emulator', ['--version'], app)
rmSync(work, { recursive: true, force: true })
