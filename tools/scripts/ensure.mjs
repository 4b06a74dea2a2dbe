// Installs the workspace once with the pinned pnpm, through the npx that comes with npm.
// It uses nothing but Node, because it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../../', import.meta.url)
const { config, engines } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Linkpass needs Node ${engines.node}; this is Node ${process.versions.node}.`)
  process.exit(1)
}

const writtenAt = (path) => {
  try {
    return statSync(new URL(path, root)).mtimeMs
  } catch {
    return 0
  }
}

const startedByPnpm = (process.env.npm_config_user_agent ?? '').startsWith('pnpm/')
// pnpm rewrites this file at the end of every complete install.
const installedAt = writtenAt('node_modules/.modules.yaml')
const inputs = ['pnpm-lock.yaml', 'package.json', 'pnpm-workspace.yaml']
if (startedByPnpm || inputs.every((path) => writtenAt(path) < installedAt)) process.exit(0)

console.error('Installing dependencies (once) …')
const pnpm = `pnpm@${config.pnpm}`
const install = ['install', '--frozen-lockfile', '--reporter=silent']
const { status } = spawnSync('npx', ['--prefer-offline', '-y', pnpm, ...install], {
  cwd: fileURLToPath(root),
  stdio: ['ignore', 'inherit', 'inherit'],
  // npx is a .cmd file on Windows, which only a shell can start; every argument is a constant.
  shell: process.platform === 'win32',
})
if (status !== 0) {
  console.error(`The install failed. To see why: npx -y ${pnpm} install`)
  process.exit(1)
}
