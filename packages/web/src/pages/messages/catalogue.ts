import { checkOption } from '@linkpass/core/internal'
import { type Catalogue, type MessageKey, en } from './en.ts'

/**
 * Texts of the app's own by language, such as `{ de: { 'signIn.title': 'Willkommen' } }`. A language that
 * the pages do not come in needs every text.
 */
export type MessageOverrides = Readonly<
  Record<string, Readonly<Partial<Record<MessageKey, string>>>>
>

/** The languages of an app's pages. */
export interface Languages {
  /** As language tags (RFC 5646), `en` first. */
  readonly tags: readonly string[]
  /**
   * The texts of one of them. Other languages than English load with their first page; a promise that
   * rejects is for this call alone.
   */
  load(tag: string): Promise<Catalogue>
}

type Loaders = Readonly<Record<string, () => Promise<Catalogue>>>

const builtIn: Loaders = {
  en: () => Promise.resolve(en),
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  es: async () => (await import('./es.ts')).es,
}

const keys = Object.keys(en)

/**
 * The languages that the pages come in, with the app's own texts over them.
 *
 * @throws {TypeError} a text cannot be used; the message has its language and its key
 */
export function languagesOf(
  overrides: MessageOverrides = {},
  loaders: Loaders = builtIn,
): Languages {
  checkOption(
    typeof overrides === 'object' && overrides !== null,
    'messages must be an object, such as { de: { "signIn.title": "…" } }.',
  )
  const own = new Map<string, Partial<Catalogue>>()
  for (const [language, texts] of Object.entries(overrides)) {
    const tag = tagOf(language)
    const isTwice = own.has(tag)
    checkOption(
      !isTwice,
      `messages has "${tag}" twice, as "${language}" too. Put its texts together.`,
    )
    own.set(tag, ownTexts(tag, texts, loaderOf(loaders, tag) === undefined))
  }
  const loaded = new Map<string, Promise<Catalogue>>()

  async function load(tag: string): Promise<Catalogue> {
    const base = await (loaderOf(loaders, tag)?.() ?? en)
    return { ...base, ...own.get(tag) }
  }

  return {
    tags: Object.freeze([...new Set([...Object.keys(loaders), ...own.keys()])]),
    load: (tag) => {
      const known = loaded.get(tag) ?? load(tag)
      loaded.set(tag, known)
      // The next page tries again.
      known.catch(() => loaded.delete(tag))
      return known
    },
  }
}

// `de-AT` is `de` with some texts of its own.
function loaderOf(loaders: Loaders, tag: string): Loaders[string] | undefined {
  return loaders[tag] ?? loaders[tag.split('-', 1).join('')]
}

function tagOf(language: string): string {
  try {
    const [tag = ''] = Intl.getCanonicalLocales(language)
    const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })
    if (names.of(tag.split('-', 1).join('')) !== undefined) return tag
  } catch {
    // It is no tag at all.
  }
  throw new TypeError(`messages: "${language}" is no language; use a tag such as "de" or "pt-BR".`)
}

function ownTexts(tag: string, texts: unknown, needsAll: boolean): Partial<Catalogue> {
  const isRecord = typeof texts === 'object' && texts !== null
  checkOption(isRecord, `messages.${tag} must be an object of texts by key.`)
  const given = new Map(Object.entries(texts).filter(([, text]) => text !== undefined))
  for (const [key, text] of given) checkText(`messages.${tag}`, key, text)
  const missing = keys.filter((key) => !given.has(key))
  const some = missing.slice(0, 5).join(', ')
  checkOption(
    !needsAll || missing.length === 0,
    `messages.${tag} needs every text, since the pages do not come in this language. ${missing.length} are missing: ${some}${missing.length > 5 ? ', …' : ''}.`,
  )
  return Object.fromEntries(given)
}

function checkText(owner: string, key: string, text: unknown): void {
  checkOption(isKey(key), `${owner} has no text "${key}".${similarTo(key)}`)
  const isText = typeof text === 'string' && text.trim() !== ''
  checkOption(isText, `${owner}["${key}"] must be a text that is not empty.`)
  const known = placeholdersOf(en[key])
  const unknown = placeholdersOf(text).find((name) => !known.includes(name))
  const has = known.length === 0 ? 'none' : known.map((name) => `{${name}}`).join(', ')
  checkOption(unknown === undefined, `${owner}["${key}"] has no value {${unknown}}; it has ${has}.`)
}

function isKey(key: string): key is MessageKey {
  return Object.hasOwn(en, key)
}

function similarTo(key: string): string {
  const [group = ''] = key.split('.', 1)
  const near = keys.filter((known) => known.startsWith(`${group}.`))
  return near.length === 0 ? ` The texts are in ${texts}.` : ` "${group}" has ${near.join(', ')}.`
}

const texts = 'packages/web/src/pages/messages/en.ts'

/** The names of the values in a text. */
export function placeholdersOf(text: string): readonly string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name)
}

/** A value in a text: `{name}`. */
export const placeholder: RegExp = /\{(\w+)\}/g
