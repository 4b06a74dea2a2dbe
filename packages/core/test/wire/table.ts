import { type WireCase, wireCases } from './cases.ts'

const start = '<!-- wire table: made by test/wire/write-table.ts -->'
const end = '<!-- end of the wire table -->'

/** The README with the table as the cases have it now. */
export function withTable(readme: string): string {
  const from = readme.indexOf(start)
  const to = readme.indexOf(end)
  if (from === -1 || to < from) throw new Error('The README has no place for the wire table.')
  return `${readme.slice(0, from)}${start}\n\n${wireTable()}\n\n${readme.slice(to)}`
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
