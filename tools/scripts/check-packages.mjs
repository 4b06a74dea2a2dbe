// Builds and packs every package, checks the tarballs, then installs them into an empty folder as a
// stranger would and uses them from ESM, CommonJS and TypeScript.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { config } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const packages = ['core', 'web', 'express', 'emulator']
const work = mkdtempSync(join(tmpdir(), 'linkpass-pack-'))

function run(command, args, cwd = root) {
  const shown = [command, ...args].join(' ')
  try {
    execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  } catch (error) {
    console.error(`failed: ${shown}\n${error.stdout}\n${error.stderr}`)
    process.exit(1)
  }
  console.log(`ok: ${shown.replaceAll(work, '…')}`)
}

const pnpm = (args, cwd) =>
  run('npx', ['--prefer-offline', '-y', `pnpm@${config.pnpm}`, ...args], cwd)

// 1. Build from nothing, so that a stale file cannot stand in for a missing one.
for (const name of packages)
  rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true })
for (const name of packages) run('tsc', ['-p', 'tsconfig.build.json'], join(root, 'packages', name))

// 2. Pack, and let two strangers judge the tarballs.
const tarballs = packages.map((name) => {
  pnpm(['pack', '--pack-destination', work], join(root, 'packages', name))
  const file = readdirSync(work).find((entry) => entry.startsWith(`linkpass-${name}-`))
  if (file === undefined) throw new Error(`no tarball for ${name}`)
  const tarball = join(work, file)
  run('publint', [tarball, '--strict'])
  run('attw', [tarball, '--profile', 'esm-only'])
  return tarball
})

// 3. Install into an empty folder and use what arrived.
const app = join(work, 'app')
mkdirSync(app)
writeFileSync(
  join(app, 'package.json'),
  '{ "name": "stranger", "private": true, "type": "module" }\n',
)
const types = ['typescript', '@types/node', '@types/express'].map((name) => {
  const { version } = JSON.parse(
    readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
  )
  return `${name}@${version}`
})
run(
  'npm',
  ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs, 'express', ...types],
  app,
)
cpSync(join(root, 'scripts/stranger'), app, { recursive: true })
run('node', ['use.mjs'], app)
run('node', ['use.cjs'], app)
run('node_modules/.bin/tsc', ['-p', 'tsconfig.json'], app)
run('node_modules/.bin/linkpass-emulator', ['--version'], app)
rmSync(work, { recursive: true, force: true })
