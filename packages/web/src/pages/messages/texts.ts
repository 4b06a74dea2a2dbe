import { type Fragment, type Html, html } from '../html.ts'
import type { Catalogue, MessageKey, en } from './en.ts'

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never

/** The values of a text; no argument for a text without any. */
type Values<Key extends MessageKey> = [Placeholders<(typeof en)[Key]>] extends [never]
  ? []
  : [values: { readonly [Name in Placeholders<(typeof en)[Key]>]: Fragment }]

/** The texts of a page, in one language. */
export interface Texts {
  /** As a language tag (RFC 5646). */
  readonly language: string
  /** One text, escaped, with its values in it. */
  text<Key extends MessageKey>(this: void, key: Key, ...values: Values<Key>): Html
  /** `10 minutes`, `2 hours`, `3 days`; up to a minute and a half to the second. */
  duration(this: void, seconds: number): string
  /** When that is from now: `in 20 seconds`, `in 4 minutes`. */
  fromNow(this: void, seconds: number): string
  /** `2 minutes ago`. */
  ago(this: void, seconds: number): string
}

/** The texts of a catalogue. */
export function createTexts(language: string, catalogue: Catalogue): Texts {
  const locales = [language, 'en']
  const relative = new Intl.RelativeTimeFormat(locales)
  return {
    language,
    text: (key, ...[values]) => filled(catalogue[key], values),
    duration: (seconds) => {
      const { count, unit } = rounded(seconds)
      const options = { style: 'unit', unit, unitDisplay: 'long' } as const
      return new Intl.NumberFormat(locales, options).format(count)
    },
    fromNow: (seconds) => {
      const { count, unit } = rounded(seconds < 90 ? seconds : Math.ceil(seconds / 60) * 60)
      return relative.format(count, unit)
    },
    ago: (seconds) => relative.format(-Math.floor(seconds / 60), 'minute'),
  }
}

function filled(text: string, values: Readonly<Partial<Record<string, Fragment>>> = {}): Html {
  // Texts and names of values by turns.
  const parts = text.split(/\{(\w+)\}/)
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : values[part]))}`
}

function rounded(seconds: number) {
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ] as const
  const exact = units.find(([length]) => seconds >= length && seconds % length === 0)
  if (exact !== undefined) return { count: seconds / exact[0], unit: exact[1] }
  if (seconds < 90) return { count: Math.ceil(seconds), unit: 'second' } as const
  return { count: Math.round(seconds / 60), unit: 'minute' } as const
}
