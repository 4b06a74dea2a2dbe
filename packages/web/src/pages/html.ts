/**
 * Escaping by construction. A page is made of `html` templates and of nothing else: whatever is
 * put into one is text, and becomes markup only if another `html` made it. There is no way around
 * it in this file, so no page can have forgotten to escape (T-46).
 */

class Markup {
  readonly #source: string

  constructor(source: string) {
    this.#source = source
  }

  toString(): string {
    return this.#source
  }
}

/** Markup that `html` made; nothing else can make it. */
export type Html = Markup

/** What a template takes: text is escaped, markup is kept, lists are joined, nothing is nothing. */
export type Fragment = Html | string | number | false | undefined | readonly Fragment[]

/**
 * Makes markup of a template literal. Safe in text and in quoted attributes, so always quote; the
 * caller vouches for the scheme of a URL.
 */
export function html(literals: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  return new Markup(String.raw({ raw: literals }, ...values.map(render)))
}

function render(value: Fragment): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Markup) return value.toString()
  if (typeof value === 'object') return value.map(render).join('')
  return escape(String(value))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
