/** A form of a page that posts. */
export interface PageForm {
  readonly action: string
  readonly fields: ReadonlyMap<string, string>
  /** The name of the field for an email address. */
  readonly addressField: string | undefined
}

/** The first form of a page that posts. */
export function findForm(html: string, pageUrl: string): PageForm | undefined {
  return findForms(html, pageUrl)[0]
}

/**
 * Finds the forms that the first button of each submits. It uses regular expressions, not an HTML
 * parser: that is enough for the small pages that links lead to.
 */
export function findForms(html: string, pageUrl: string): readonly PageForm[] {
  const forms: PageForm[] = []
  for (const [, attributes = '', inside = ''] of html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)) {
    if (attribute(attributes, 'method')?.toLowerCase() !== 'post') continue
    const action = attribute(attributes, 'action') ?? ''
    if (!URL.canParse(action, pageUrl)) continue
    forms.push({ action: new URL(action, pageUrl).href, ...fieldsOf(inside) })
  }
  return forms
}

function fieldsOf(html: string): Pick<PageForm, 'fields' | 'addressField'> {
  const fields = new Map<string, string>()
  let addressField: string | undefined
  let hasButton = false
  for (const [, tag = '', input = ''] of html.matchAll(/<(input|button)\b([^>]*)>/gi)) {
    if (isButton(tag, input)) {
      // A browser submits only the button that was clicked: here, the first one.
      if (hasButton) continue
      hasButton = true
    }
    const name = attribute(input, 'name')
    if (name === undefined) continue
    const type = attribute(input, 'type')?.toLowerCase() ?? 'text'
    // Of several choices, the first one stands for the one that is selected.
    if (type === 'radio' && fields.has(name)) continue
    fields.set(name, attribute(input, 'value') ?? '')
    const isAddress = type === 'email' || (type === 'text' && /mail|login|user/i.test(name))
    if (isAddress) addressField ??= name
  }
  return { fields, addressField }
}

function isButton(tag: string, attributes: string): boolean {
  return tag.toLowerCase() === 'button' || attribute(attributes, 'type')?.toLowerCase() === 'submit'
}

function attribute(attributes: string, name: string): string | undefined {
  const pattern = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i')
  const match = pattern.exec(attributes)
  const value = match?.[1] ?? match?.[2] ?? match?.[3]
  return value === undefined ? undefined : unescapeHtml(value)
}

const entities = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }))

function unescapeHtml(text: string): string {
  return text.replaceAll(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16)
    if (code <= 0x10ffff) return String.fromCodePoint(code)
    return entities.get(String(name).toLowerCase()) ?? whole
  })
}
