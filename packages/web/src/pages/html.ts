/**
 * Escaping by construction. A page is made of `html` templates alone. A value that is put into one is
 * escaped as text, unless another `html` made it. This file has no way around that, so no page can
 * forget to escape (T-46).
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

/** A value of a template: text is escaped, markup is kept, lists are joined, `undefined` is empty. */
export type Fragment = Html | string | number | false | undefined | readonly Fragment[]

/**
 * Makes markup of a template literal. Safe in text and in quoted attributes, so always quote. The
 * caller is responsible for the scheme of a URL.
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
