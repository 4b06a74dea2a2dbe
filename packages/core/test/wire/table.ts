import { type WireCase, wireCases } from './cases.ts'

const start = '<!-- wire table: made by test/wire/write-table.ts -->'
const end = '<!-- end of the wire table -->'

/** The page with the table as the cases have it now. */
export function withTable(page: string): string {
  const from = page.indexOf(start)
  const to = page.indexOf(end)
  if (from === -1 || to < from) throw new Error('The page has no place for the wire table.')
  return `${page.slice(0, from)}${start}\n\n${wireTable()}\n\n${page.slice(to)}`
}

/** A text whose tables compare equal, however wide their columns are. */
export function anyWidth(markdown: string): string {
  return markdown.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---')
}

/** One row for each call: the request it becomes, and what its tests are about. */
function wireTable(): string {
  const names = [...new Set(wireCases.map(({ call }) => call))]
  const rows = names.map((name) => {
    const cases = wireCases.filter(({ call }) => call === name)
    const requests = [...new Set(cases.map(requestOf))]
    return [`\`${name}\``, requests.join('<br>'), cases.map(({ covers }) => covers).join('; ')]
  })
  return [['call', 'request', 'tested with'], ['---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function requestOf({ method, path }: WireCase): string {
  return `\`${method} ${path}\``
}
