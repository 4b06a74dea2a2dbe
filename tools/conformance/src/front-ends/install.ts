import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The SDKs of front ends, and the frameworks that they need. */
const dependencies = {
  '@descope/nextjs-sdk': '0.15.71',
  '@descope/react-native-sdk': '0.11.1',
  '@descope/react-sdk': '3.3.1',
  next: '15.5.29',
  react: '19.3.1',
  'react-dom': '19.3.1',
}

const folder = fileURLToPath(new URL('../../.front-ends/', import.meta.url))

/**
 * Installs the SDKs into a folder of their own, where they are not yet, and returns the folder. They
 * are no dependencies of the workspace: Next.js alone is as large as everything else together. No
 * install script runs, and no optional native part is installed.
 *
 * @throws {Error} npm could not install them, such as without a network
 */
export function installFrontEnds(): string {
  const manifest = JSON.stringify({ private: true, type: 'module', dependencies }, undefined, 2)
  const file = join(folder, 'package.json')
  const marker = join(folder, 'node_modules/.package-lock.json')
  if (existsSync(marker) && readFileSync(file, 'utf8') === manifest) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, manifest)
  console.log('\nInstalling the SDKs of front ends …')
  // React Native itself is a peer dependency; only its native side is replaced here.
  const flags = ['--ignore-scripts', '--omit=optional', '--legacy-peer-deps', '--prefer-offline']
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  execFileSync('npm', ['install', ...flags, ...quiet], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  return folder
}
