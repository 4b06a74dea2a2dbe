// A temporary copy of the workspace, in which a source file can be changed and the tests run.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

const copied = [
  ...['package.json', 'pnpm-workspace.yaml', 'vitest.base.ts', 'vitest.config.ts'],
  ...['tsconfig.json', 'tsconfig.base.json', 'packages', 'tools/scripts'],
]
const generated = new Set(['dist', 'coverage', '.vite'])

/** Copies what tests of the packages need; the links between packages then stay in the copy. */
export function copyWorkspace() {
  const copy = mkdtempSync(join(tmpdir(), 'linkpass-copy-'))
  const keep = { recursive: true, verbatimSymlinks: true }
  for (const name of copied) {
    const filter = (path) => !generated.has(basename(path))
    cpSync(join(root, name), join(copy, name), { ...keep, filter })
  }
  const modules = join(copy, 'node_modules')
  mkdirSync(modules)
  symlinkSync(join(root, 'node_modules/.pnpm'), join(modules, '.pnpm'), 'junction')
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name.startsWith('.')) continue
    cpSync(join(root, 'node_modules', name), join(modules, name), keep)
  }
  return { path: copy, remove: () => rmSync(copy, { recursive: true, force: true }) }
}
