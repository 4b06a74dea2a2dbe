import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { describe, expect, test } from 'vitest'

const documents = [
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((file) => join('docs', file)),
  ...readdirSync('packages').map((name) => join('packages', name, 'README.md')),
  ...['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'CONTRIBUTING.md'],
].filter((file) => file.endsWith('.md'))

/** A code block, and the comment in front of it that says which file it is from. */
interface Block {
  readonly language: string
  readonly code: string
  /** `the same as` for a whole file, `from` for a part of one. */
  readonly relation: string | undefined
  readonly file: string | undefined
}

// The API reports have their own test.
const written = documents.filter((file) => !file.startsWith('docs/api/'))

test.each(written)('every program in %s is a tested file, or a part of one', (document) => {
  for (const { language, code, relation, file } of blocksOf(textOf(document))) {
    if (!['js', 'mjs', 'ts'].includes(language)) continue
    expect(file, `this program is from no file:\n${code}`).toBeDefined()
    const source = textOf(file ?? '')
    if (relation === 'from') expect(withoutIndent(source), file).toContain(withoutIndent(code))
    else expect(code, file).toBe(source)
  }
})

test.each(documents)('every npm script that %s names exists', (document) => {
  const { scripts }: { scripts: object } = JSON.parse(textOf('package.json'))
  for (const [, name = ''] of textOf(document).matchAll(/npm run ([\w:-]+)/g)) {
    expect(Object.keys(scripts)).toContain(name)
  }
})

test.each(documents)('every link in %s leads to a file, and to a heading of it', (document) => {
  const prose = textOf(document).replaceAll(/^```[^]*?^```/gm, '')
  for (const [, path = '', anchor] of prose.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g)) {
    const target = path === '' ? document : join(dirname(document), path)
    expect(existsSync(target), `${document} links to ${target}`).toBe(true)
    if (anchor !== undefined) expect(anchorsOf(target), `${document}: ${path}`).toContain(anchor)
  }
})

test('the contents list every page', () => {
  const contents = textOf('docs/README.md')
  const pages = documents.filter((file) => /^docs\/[^/]+\.md$/.test(file))
  for (const page of pages) {
    if (page !== 'docs/README.md') expect(contents).toContain(`](${page.slice('docs/'.length)})`)
  }
})

describe('what the source has, the documents have', () => {
  const web = 'packages/web/src'
  const core = 'packages/core/src'

  test.each([
    [
      'option of createAuth',
      `${web}/options.ts`,
      /const authOptions = [^]*?satisfies/,
      /^ {2}(\w+): true/gm,
    ],
    [
      'option of a guard',
      `${web}/guard/guard-options.ts`,
      /const optionNames = [^]*?satisfies/,
      /^ {2}(\w+): true/gm,
    ],
    ['route', `${web}/routes.ts`, /[^]*/, /'(\/[\w/-]+)(?:\/:segment)?':/g],
  ])('every %s is in the reference', (_what, file, place, name) => {
    const reference = textOf('docs/reference.md') + textOf('docs/protect-a-route.md')
    for (const found of namesIn(file, place, name)) {
      if (/\.(?:css|js)$/.test(found)) continue
      expect([found, new RegExp(`${found}(?![\\w-])`).test(reference)]).toEqual([found, true])
    }
  })

  test('every option of the client is on its page', () => {
    const options = namesIn(
      `${core}/options.ts`,
      /interface ClientOptions [^]*?\n}/,
      /^ {2}(\w+)\?*:/gm,
    )
    const page = textOf('docs/client.md')
    expect(options.filter((option) => !page.includes(`\`${option}\``))).toEqual([])
  })

  test('every error code has a heading in troubleshooting', () => {
    const headings = anchorsOf('docs/troubleshooting.md')
    const codes = [
      ...namesIn(`${web}/failure.ts`, /const responses = [^]*?satisfies/, /\[\d+, '(\w+)'/g),
      ...namesIn(`${core}/errors.ts`, /[^]*/, /'(ERR_\w+)'/g),
    ]
    expect(codes.length).toBeGreaterThan(35)
    for (const code of codes) expect(headings).toContain(code.toLowerCase())
  })

  test('every failure is in the reference, with its status', () => {
    const rows = textOf('docs/reference.md').split('\n')
    const failures = [...textOf(`${web}/failure.ts`).matchAll(/\[(\d{3}), '(\w+)',/g)]
    expect(failures.length).toBeGreaterThan(20)
    for (const [, status = '', code = ''] of failures) {
      const row = rows.find((line) => line.startsWith('|') && line.includes(`\`${code}\``))
      expect(row, code).toContain(status)
    }
  })

  test('every code of a warning is in the table of warnings', () => {
    const files = [web, core, 'packages/express/src', 'packages/redis/src'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(folder, file)),
    )
    const codes = files.flatMap((file) => namesIn(file, /[^]*/, /'(LINKPASS_[A-Z_]+)'/g))
    expect(codes.length).toBeGreaterThan(5)
    for (const code of codes) expect(textOf('docs/debugging.md')).toContain(`| \`${code}\``)
  })

  test('every channel is in the table of events', () => {
    const sources = [web, core].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .flatMap((file) =>
          namesIn(join(folder, file), /[^]*/, /channel(?:Of<\w+>)?\('([\w:-]+)'\)/g),
        ),
    )
    expect(sources.length).toBeGreaterThanOrEqual(7)
    for (const name of sources) expect(textOf('docs/debugging.md')).toContain(`| \`${name}\``)
  })
})

/** The names that a pattern finds in a place of a file; at least one. */
function namesIn(file: string, place: RegExp, name: RegExp): string[] {
  const [text = ''] = place.exec(textOf(file)) ?? []
  return [...text.matchAll(name)].map(([, found = '']) => found)
}

function textOf(file: string): string {
  return readFileSync(file, 'utf8')
}

function blocksOf(text: string): Block[] {
  const block = /(?:<!-- (the same as|from) (\S+) -->\n+)?^```(\w*)\n([^]*?)^```/gm
  return [...text.matchAll(block)].map(([, relation, file, language = '', code = '']) => ({
    language,
    code,
    relation,
    file,
  }))
}

function withoutIndent(code: string): string {
  return code.replaceAll(/^ +/gm, '').trim()
}

/** The anchors of the headings of a document, as forges make them. */
function anchorsOf(file: string): string[] {
  const prose = textOf(file).replaceAll(/^```[^]*?^```/gm, '')
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
