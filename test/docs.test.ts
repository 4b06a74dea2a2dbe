import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

describe.each(documents.filter((file) => file.startsWith('docs')))('%s', (document) => {
  const text = readFileSync(document, 'utf8')

  test('every program is a tested file, as it stands, or a part of one', () => {
    for (const { language, code, relation, file } of blocksOf(text)) {
      if (!['js', 'mjs', 'ts'].includes(language)) continue
      expect(file, `this program is from no file:\n${code}`).toBeDefined()
      const source = readFileSync(file ?? '', 'utf8')
      if (relation === 'from') expect(withoutIndent(source), file).toContain(withoutIndent(code))
      else expect(code, file).toBe(source)
    }
  })

  test('every npm script that it runs exists', () => {
    const { scripts }: { scripts: object } = JSON.parse(readFileSync('package.json', 'utf8'))
    for (const [, name = ''] of text.matchAll(/npm run ([\w:-]+)/g)) {
      expect(Object.keys(scripts)).toContain(name)
    }
  })
})

test.each(documents)('every link in %s leads to a file, and to a heading of it', (document) => {
  const prose = readFileSync(document, 'utf8').replaceAll(/^```[^]*?^```/gm, '')
  for (const [, path = '', anchor] of prose.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g)) {
    const target = path === '' ? document : join(dirname(document), path)
    expect(existsSync(target), `${document} links to ${target}`).toBe(true)
    if (anchor !== undefined) expect(anchorsOf(target), `${document}: ${path}`).toContain(anchor)
  }
})

test('the contents list every page', () => {
  const contents = readFileSync('docs/README.md', 'utf8')
  const pages = documents.filter((file) => /^docs\/[^/]+\.md$/.test(file))
  for (const page of pages) {
    if (page !== 'docs/README.md') expect(contents).toContain(`](${page.slice('docs/'.length)})`)
  }
})

function blocksOf(text: string): Block[] {
  const block = /(?:<!-- (the same as|from) (\S+) -->\n+)?^```(\w*)\n([^]*?)^```/gm
  return [...text.matchAll(block)].map(([, relation, file, language = '', code = '']) => ({
    ...{ language, code, relation, file },
  }))
}

function withoutIndent(code: string): string {
  return code.replaceAll(/^ +/gm, '').trim()
}

/** The anchors of the headings of a document, as forges make them. */
function anchorsOf(file: string): string[] {
  const prose = readFileSync(file, 'utf8').replaceAll(/^```[^]*?^```/gm, '')
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
