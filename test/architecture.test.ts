import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = new URL('../', import.meta.url)

test('the map in ARCHITECTURE.md has one line for each folder of packages/*/src', () => {
  const lines = mapLines()
  expect(lines.map(({ folder }) => folder).toSorted()).toEqual(sourceFolders().toSorted())
  expect(lines.filter(({ description }) => description === '')).toEqual([])
})

/** The lines of the map: a folder below packages/, then what is in it. */
function mapLines(): { folder: string; description: string }[] {
  const text = readFileSync(new URL('ARCHITECTURE.md', root), 'utf8')
  const [, map = ''] = /^## Map\n+```\n(.*?)^```/ms.exec(text) ?? []
  return map
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [folder = '', ...words] = line.split(/ +/)
      return { folder, description: words.join(' ') }
    })
}

/** Every folder with source files, as the map spells it: `core/src/jwt/`. */
function sourceFolders(): string[] {
  const packages = fileURLToPath(new URL('packages/', root))
  const folders = readdirSync(packages).flatMap((name) => {
    const source = join(packages, name, 'src')
    if (!existsSync(source)) return []
    return readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => `${join(name, 'src', dirname(path))}/`.replaceAll('\\', '/'))
  })
  return [...new Set(folders)]
}
