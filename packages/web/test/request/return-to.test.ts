import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readVectors, vectorsFolder } from '@linkpass/testing'
import { vectorsOrSkip } from '@linkpass/testing/vitest'
import { safeReturnTo } from '../../src/request/return-to.ts'

const origin = 'https://app.example.com'

/** Whether a browser or a careless proxy could leave our origin by this Location. */
function escapes(location: string): boolean {
  if (/[\r\n\0]/.test(location)) return true
  const decodedHead =
    location.slice(0, 12).replace(/%(?:2f|5c|09|0a|0d)/gi, decodeURIComponent) + location.slice(12)
  const readings = [location, location.replace(/[\t\r\n]/g, ''), location.replaceAll('\\', '/')]
  const all = [...readings, decodedHead, decodedHead.replace(/[\t\r\n]/g, '')]
  return all.some((reading) => new URL(reading, origin).origin !== origin)
}

describe('where a sign-in may lead', () => {
  test.each([
    ['a path', '/dash', '/dash'],
    ['the root', '/', '/'],
    ['query and fragment', '/dash?x=1&y=2#frag', '/dash?x=1&y=2#frag'],
    ['an encoded space', '/a%20b', '/a%20b'],
    ['two slashes inside the query', '/search?q=//evil.example', '/search?q=//evil.example'],
    ['our own origin spelled out', 'https://app.example.com/dash', '/dash'],
    ['1,600 characters', `/${'a'.repeat(1599)}`, `/${'a'.repeat(1599)}`],
    ['the path of a longer one', `/list?${'a'.repeat(1600)}#b`, '/list'],
    ['the path where encoding makes it longer', `/list?${'ü'.repeat(400)}`, '/list'],
    ['the path before a long fragment', `/list#${'a'.repeat(1600)}`, '/list'],
    ['dots that stay inside', '/a/../b', '/b'],
  ])('%s is kept', (_, given, kept) => {
    expect(safeReturnTo(given, origin)).toBe(kept)
  })

  test.each([
    ['another host', 'https://evil.example/'],
    ['a host without a scheme', '//evil.example'],
    ['a backslash for the second slash', '/\\evil.example'],
    ['a tab that parsers drop', '/\t/evil.example'],
    ['dots that resolve to a host', '/.//evil.example'],
    ['encoded dots that resolve to a host', '/%2e//evil.example'],
    ['parent dots that resolve to a host', '/a/..//evil.example'],
    ['a slash that a proxy decodes', '/%2fevil.example'],
    ['a line feed that a proxy decodes', '/%0aevil.example'],
    ['a tab that a proxy decodes', '/%09/evil.example'],
    ['DEL', '/a\u007fb'],
    ['a control character of C1', '/a\u0085b'],
    ['a no-break space', '/a\u00a0b'],
    ['a line separator', '/a\u2028b'],
    ['a paragraph separator', '/a\u2029b'],
    ['a line break', '/%0d%0aLocation:%20https://evil.example'],
    ['our name as user name', 'https://app.example.com@evil.example/'],
    ['our name as a prefix', 'https://app.example.com.evil.example/'],
    ['another scheme', 'http://app.example.com/x'],
    ['another port', 'https://app.example.com:444/x'],
    ['script', 'javascript:alert(1)'],
    ['no path', 'dash'],
    ['a path without its first slash', 'dash/board'],
    ['nothing', ''],
    ['a list', ['/a', '/b']],
    ['nothing at all', undefined],
    ['a path of more than 1,600 characters', `/${'a'.repeat(1600)}`],
    ['a long query after another host', `//evil.example/?${'a'.repeat(1600)}`],
  ])('an open redirect by %s is refused', (_, given) => {
    expect(safeReturnTo(given, origin)).toBeUndefined()
  })

  test('no line of the public lists escapes, and good values are kept', (context) => {
    vectorsOrSkip(context)
    const own = JSON.parse(readVectors('own/return_to.json'))
    const urls: readonly (string | { input?: string })[] = JSON.parse(
      readVectors('wpt/urltestdata.json'),
    )
    const lists = linesBelow(`${vectorsFolder}payloadsallthethings`)
    const inputs: string[] = [
      ...own.must_not_escape,
      ...urls.flatMap((row) => (typeof row === 'object' && row.input ? [row.input] : [])),
      ...lists.flatMap((line) => [line, decodedOrSame(line)]),
    ]
    expect(inputs.length).toBeGreaterThan(1000)
    const escaped = inputs.filter((input) => {
      const location = safeReturnTo(input, origin)
      return location !== undefined && escapes(location)
    })
    expect(escaped).toEqual([])
    for (const { input, location } of own.must_be_kept) {
      expect(safeReturnTo(input, origin)).toBe(location)
    }
  })
})

/** Every line of every file below a folder. */
function linesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.txt'))
    .flatMap((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8').split('\n'))
}

function decodedOrSame(line: string): string {
  try {
    return decodeURIComponent(line)
  } catch {
    return line
  }
}
