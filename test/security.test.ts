import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const document = readFileSync('SECURITY.md', 'utf8')

/** The rows of every table below a heading of the second level, as lists of cells. */
function rowsBelow(heading: string): string[][] {
  const [, section = ''] = document.split(`\n## ${heading}\n`)
  const [own = ''] = section.split(/\n## /)
  const lines = own.split('\n').filter((line) => line.startsWith('|'))
  const cells = lines.map((line) => line.split('|').slice(1, -1))
  const trimmed = cells.map((row) => row.map((cell) => cell.trim()))
  return trimmed.filter(([first = '']) => !/^(?:promise|id|-+)$/.test(first))
}

const promises = rowsBelow('What this library promises')

describe('SECURITY.md', () => {
  test('makes promises', () => {
    expect(promises.length).toBeGreaterThan(40)
  })

  test.each(promises)('names tests that exist for: %s', (_promise, shownBy = '') => {
    const links = [...shownBy.matchAll(/\[(.+?)\]\(([^)]+)\)/g)]
    expect(links).not.toEqual([])
    expect(shownBy.replaceAll(/\[.+?\]\([^)]+\)|<br>/g, '')).toBe('')
    for (const [, name = '', file = ''] of links) {
      const quoted = ["'", '"', '`'].map((quote) => `${quote}${name}`)
      const source = readFileSync(file, 'utf8')
      expect(
        quoted.some((start) => source.includes(start)),
        `${file}: ${name}`,
      ).toBe(true)
    }
  })

  test('lists every T-, R- and P- that tests name, and nothing that no test names', () => {
    const listed = rowsBelow('The threats that tests name').map(([id = '']) => id)
    const named = namedThreats()
    expect(listed.filter((id) => !named.has(id))).toEqual([])
    // The other letters number reports of users, which are no threats.
    expect([...named].filter((id) => /^[TRP]/.test(id) && !listed.includes(id))).toEqual([])
  })
})

/** The ids with which names of tests begin: `T-30: …`, `T-34, T-35: …`, `T-08 and R-04: …`. */
function namedThreats(): Set<string> {
  const ids = new Set<string>()
  const folders = readdirSync('packages').flatMap((name) => [
    join('packages', name, 'test'),
    join('packages', name, 'src'),
  ])
  for (const folder of [...folders, 'test']) {
    for (const file of filesIn(folder)) {
      const names = readFileSync(file, 'utf8').matchAll(
        /['"`]((?:[TR]-\d\d|[PCU]\d{1,2})(?:(?:, | and | to )(?:[TR]-\d\d|[PCU]\d{1,2}))*)(?::? )/g,
      )
      for (const [, list = ''] of names) for (const id of list.split(/, | and | to /)) ids.add(id)
    }
  }
  return ids
}

function filesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name))
  } catch {
    return []
  }
}
