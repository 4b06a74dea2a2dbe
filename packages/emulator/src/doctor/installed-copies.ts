import type { Dirent } from 'node:fs'
import { readFile, readdir, realpath } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

/** One copy of a package in a `node_modules` folder. */
export interface InstalledCopy {
  readonly name: string
  readonly version: string
  /** Relative to the folder of the app. */
  readonly path: string
}

const scope = '@linkpass'
// A bound for large installations. It is far above what real ones have.
const maxFolders = 20_000

/** Finds every copy of a Linkpass package that the app could load: in its folder and above it. */
export async function findCopies(folder: string): Promise<readonly InstalledCopy[]> {
  const search: Search = { left: maxFolders, found: new Map() }
  for (let at = folder; ; at = dirname(at)) {
    await visitModules(join(at, 'node_modules'), search)
    if (dirname(at) === at) break
  }
  return Array.from(search.found, ([path, { name, version }]) => ({
    name,
    version,
    path: relative(folder, path) || '.',
  }))
}

interface Search {
  left: number
  /** By real path, since package managers link. */
  readonly found: Map<string, { name: string; version: string }>
}

async function visitModules(modules: string, search: Search): Promise<void> {
  for (const entry of await foldersIn(modules)) {
    if (search.left-- <= 0) return
    const path = join(modules, entry.name)
    if (entry.name === scope) await visitScope(path, search)
    // pnpm: node_modules/.pnpm/NAME@VERSION/node_modules.
    else if (entry.name === '.pnpm') await visitEach(path, search)
    else if (entry.name.startsWith('@')) await visitEach(path, search)
    // A link leads to a folder that is visited where it is.
    else if (!entry.isSymbolicLink()) await visitModules(join(path, 'node_modules'), search)
  }
}

async function visitEach(folder: string, search: Search): Promise<void> {
  for (const entry of await foldersIn(folder)) {
    if (search.left-- <= 0) return
    if (!entry.isSymbolicLink())
      await visitModules(join(folder, entry.name, 'node_modules'), search)
  }
}

async function visitScope(folder: string, search: Search): Promise<void> {
  for (const entry of await foldersIn(folder)) {
    const path = await realpath(join(folder, entry.name)).catch(() => undefined)
    const description = path && (await readFile(join(path, 'package.json'), 'utf8').catch(() => ''))
    if (!path || !description) continue
    search.found.set(path, { name: `${scope}/${entry.name}`, version: versionOf(description) })
    if (!entry.isSymbolicLink()) await visitModules(join(path, 'node_modules'), search)
  }
}

async function foldersIn(folder: string): Promise<readonly Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
}

function versionOf(description: string): string {
  return /"version"\s*:\s*"([^"]+)"/.exec(description)?.[1] ?? 'unknown'
}
