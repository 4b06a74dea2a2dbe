/** What a button of a form submits. */
export interface PageForm {
  readonly action: string
  readonly fields: ReadonlyMap<string, string>
  /** The name of the field for an email address, or else for a phone number. */
  readonly addressField: string | undefined
  /** Whether that field takes a phone number. */
  readonly takesPhone: boolean
}

/** What the first button of a page submits, of a form that posts. */
export function findForm(html: string, pageUrl: string): PageForm | undefined {
  return findForms(html, pageUrl)[0]
}

/**
 * Finds the forms of a page that post: one entry for each button, since a browser submits only the
 * button that was clicked. It uses regular expressions, not an HTML parser: that is enough for the
 * small pages that links lead to.
 */
export function findForms(html: string, pageUrl: string): readonly PageForm[] {
  const found: PageForm[] = []
  for (const [, attributes = '', inside = ''] of html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)) {
    if (attribute(attributes, 'method')?.toLowerCase() !== 'post') continue
    const { fields, buttons, ...address } = controlsOf(inside)
    // Enter submits a form without a button.
    for (const button of buttons.length > 0 ? buttons : ['']) {
      const action = attribute(button, 'formaction') ?? attribute(attributes, 'action') ?? ''
      if (!URL.canParse(action, pageUrl)) continue
      const name = attribute(button, 'name')
      const own = name === undefined ? [] : [[name, attribute(button, 'value') ?? ''] as const]
      const submitted = new Map([...fields, ...own])
      found.push({ action: new URL(action, pageUrl).href, fields: submitted, ...address })
    }
  }
  return found
}

interface Controls extends Omit<PageForm, 'action'> {
  /** The attributes of each button. */
  readonly buttons: readonly string[]
}

function controlsOf(html: string): Controls {
  const fields = new Map<string, string>()
  const buttons: string[] = []
  let emailField: string | undefined
  let phoneField: string | undefined
  for (const [, tag = '', attributes = ''] of html.matchAll(/<(input|button)\b([^>]*)>/gi)) {
    if (isButton(tag, attributes)) {
      buttons.push(attributes)
      continue
    }
    const name = attribute(attributes, 'name')
    const type = attribute(attributes, 'type')?.toLowerCase() ?? 'text'
    // Of several choices, the first one stands for the one that is selected.
    if (name === undefined || (type === 'radio' && fields.has(name))) continue
    fields.set(name, attribute(attributes, 'value') ?? '')
    const isAddress = type === 'email' || (type === 'text' && /mail|login|user|ident/i.test(name))
    if (isAddress) emailField ??= name
    if (type === 'tel') phoneField ??= name
  }
  const takesPhone = emailField === undefined && phoneField !== undefined
  return { fields, buttons, addressField: emailField ?? phoneField, takesPhone }
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
