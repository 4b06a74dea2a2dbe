// Builds and packs every published package, checks the tarballs, then installs them into an empty
// folder as a user does and signs in with them: from ESM, CommonJS and both at once; compiled from TypeScript
// to each; bundled to each, and with Express 4; in Node's test runner, Jest and
// Playwright; and on Node, Bun and Deno by the Fetch adapter.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { followDocuments } from './follow-documents.mjs'
import { pack } from './pack-all.mjs'
import { build, publishedPackages, root, run } from './packages.mjs'

const chromiumPath =
  process.env.CHROMIUM_PATH ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const work = mkdtempSync(join(tmpdir(), 'linkpass-pack-'))

function check(command, args, cwd, env) {
  run(command, args, cwd, env)
  console.log(`ok: ${[command, ...args].join(' ').replaceAll(work, '…').replaceAll(root, '')}`)
}

// The recipes of docs/testing.md, each in a folder of its own, with the commands that it names.
function followRecipes() {
  const recipe = (name, more, manifest = {}) => {
    const folder = join(work, name)
    cpSync(join(root, 'test/recipes', name), folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, ...manifest }))
    run('npm', ['install', ...quiet, ...tarballs, ...more], folder)
    return folder
  }
  check('node', ['--test', 'sign-in.mjs'], recipe('node-test', []))
  const jest = { NODE_OPTIONS: '--experimental-vm-modules' }
  // 7.29.16 needs helpers of that version, which the registry did not have when it had Babel's core.
  const overrides = { '@babel/core': '7.29.13' }
  check('npx', ['jest'], recipe('jest', ['jest@30'], { overrides }), jest)
  if (chromiumPath === undefined) {
    console.log('skipped: the recipe for Playwright, since no Chromium was found')
    return
  }
  const runner = `@playwright/test@${versionOf('@playwright/test')}`
  const playwright = recipe('playwright', ['express', runner], { type: 'module' })
  check('npx', ['playwright', 'test'], playwright, { CHROMIUM_PATH: chromiumPath })
}

// An Express app that is compiled or bundled in each usual way, and on Express 4.
function signInToEachBuild() {
  check('npm', ['install', ...quiet, 'esbuild@0.28', 'express4@npm:express@4'], app)
  const compile = (compiler, folder, ...mode) => {
    const options = ['--outDir', folder, '--target', 'ES2023', '--strict', '--types', 'node']
    const tsc = join('node_modules', compiler, 'bin/tsc')
    check('node', [tsc, 'app.ts', ...mode, ...options], app)
  }
  compile('typescript', 'compiled', '--ignoreConfig', '--module', 'NodeNext')
  const commonJs = ['--module', 'CommonJS', '--moduleResolution', 'Node', '--esModuleInterop']
  compile('typescript5', 'compiled-cjs', ...commonJs)
  writeFileSync(join(app, 'compiled-cjs/package.json'), '{ "type": "commonjs" }\n')
  const bundle = (file, ...options) => {
    const given = ['app.ts', '--bundle', '--platform=node', '--minify', `--outfile=${file}`]
    run('node_modules/.bin/esbuild', [...given, '--log-level=warning', ...options], app)
  }
  bundle('bundle.cjs')
  // What an ESM bundle needs for the CommonJS in it.
  const require = "import { createRequire } from 'node:module'"
  const banner = `${require}; const require = createRequire(import.meta.url)`
  bundle('bundle.mjs', '--format=esm', `--banner:js=${banner}`)
  bundle('bundle4.cjs', '--alias:express=express4')
  for (const file of ['compiled/app.js', 'compiled-cjs/app.js']) {
    check('node', ['sign-in.mjs', 'node', file], app)
  }
  for (const file of ['bundle.cjs', 'bundle.mjs', 'bundle4.cjs']) {
    // Where there is no node_modules, so that nothing is left out of the bundle.
    cpSync(join(app, file), join(work, file))
    check('node', ['sign-in.mjs', 'node', join(work, file)], app)
  }
  const withoutRequire = ['node', '--no-experimental-require-module', join(work, 'bundle.cjs')]
  check('node', ['sign-in.mjs', ...withoutRequire], app)
}

// A new app gets the types of the newest Node, which lack exports that those of the oldest have.
function compileWithNewestTypes() {
  check('npm', ['install', ...quiet, '@types/node@26'], app)
  const tsc = join('node_modules', 'typescript', 'bin/tsc')
  check('node', [tsc, '-p', 'tsconfig.json', '--module', 'NodeNext'], app)
}

// The programs that the README of @linkpass/fetch shows, each on its own runtime.
function signInOnEachRuntime() {
  cpSync(join(root, 'examples/fetch/src'), app, { recursive: true })
  check('node', ['sign-in.mjs', 'node', 'node.js'], app)
  const runtimes = installRuntimes()
  if (runtimes === undefined) return
  check('node', ['sign-in.mjs', runtimes.bun, 'bun.js'], app)
  const allowed = ['--allow-net', '--allow-env', '--allow-read', '--allow-sys']
  check('node', ['sign-in.mjs', runtimes.deno, 'run', ...allowed, 'deno.js'], app)
}

// The packages `bun` and `deno` fetch their programs by install scripts; these hold the programs.
function installRuntimes() {
  if (`${process.platform}-${process.arch}` !== 'linux-x64') {
    console.log('skipped: Bun and Deno, which this script installs for Linux on x64 alone')
    return undefined
  }
  const folder = join(work, 'runtimes')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const packages = ['@oven/bun-linux-x64@1.4.5', '@deno/linux-x64-glibc@2.9.6']
  run('npm', ['install', '--ignore-scripts', ...quiet, ...packages], folder)
  const modules = join(folder, 'node_modules')
  return {
    bun: join(modules, '@oven/bun-linux-x64/bin/bun'),
    deno: join(modules, '@deno/linux-x64-glibc/deno'),
  }
}

function versionOf(name) {
  const manifest = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')
  return JSON.parse(manifest).version
}

// V8 keeps the text of a module twice as large where one character is not of Latin-1.
function checkSources() {
  for (const { folder } of publishedPackages()) {
    // The emulator's pages have such a character in a tagged template, which may not be escaped.
    if (folder === 'packages/emulator') continue
    const dist = join(root, folder, 'dist')
    const scripts = readdirSync(dist, { recursive: true }).filter((name) =>
      /^(?!cjs).*\.js$/.test(name),
    )
    for (const name of scripts) {
      if (/[^\0-\xff]/.test(readFileSync(join(dist, name), 'utf8'))) {
        throw new Error(`${join(folder, 'dist', name)} has characters that are not of Latin-1.`)
      }
    }
  }
}

await build()
checkSources()
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
const types = ['typescript', '@types/node', '@types/express'].map(
  (name) => `${name}@${versionOf(name)}`,
)
// The last compiler with `moduleResolution: node` and no warning of it; TypeScript 7 has it no more.
types.push('typescript5@npm:typescript@~5.9.3')
const quiet = ['--no-audit', '--no-fund', '--prefer-offline']
check('npm', ['install', ...quiet, ...tarballs, 'express', 'redis', 'ioredis', ...types], app)
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
followRecipes()
signInToEachBuild()
compileWithNewestTypes()
signInOnEachRuntime()
await followDocuments(work, tarballs)
rmSync(work, { recursive: true, force: true })
