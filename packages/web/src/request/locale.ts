import type { RouteContext } from '../context.ts'
import { runHook } from '../report.ts'

/**
 * The language of a request: what the app's `locale` says, else the best match of `Accept-Language`, else
 * English. The service gets the app's own locale as it is, since its messages may come in more languages.
 *
 * @returns `page`: one that the pages come in. `service`: undefined where neither app nor browser named one
 */
export async function localeOf(context: RouteContext) {
  const { header, settings } = context
  const offered = settings.languages.tags
  const own = await ownLocale(context)
  const accepted = acceptedLanguage(header('accept-language'), offered)
  const ofApp = own === undefined ? undefined : matchingLanguage(own, offered)
  return { page: ofApp ?? accepted ?? 'en', service: own ?? accepted }
}

// An error in it must not keep the user from the page, which may be the one for another error.
async function ownLocale({ request, settings }: RouteContext): Promise<string | undefined> {
  const hook = await runHook('locale', async () => {
    const given = await settings.locale?.(request)
    if (given === undefined || given === null || given === '') return undefined
    const tag = typeof given === 'string' ? given.replaceAll('_', '-') : given
    if (isLanguageTag(tag)) return tag
    throw new TypeError('locale must return a language tag such as "de" or "pt-BR", or undefined.')
  })
  return hook?.told
}

interface Range {
  readonly tag: string
  readonly quality: number
}

// Longer headers and lists are no browser's.
const maxLength = 1000
const maxRanges = 32

/**
 * The language that an `Accept-Language` (RFC 9110 section 12.5.4) prefers among those that are offered;
 * undefined where it accepts none of them. `*` is the first that no `q=0` excludes. What is not well-formed is
 * ignored.
 *
 * @param offered language tags (RFC 5646), the default first
 */
export function acceptedLanguage(
  header: string | undefined,
  offered: readonly string[],
): string | undefined {
  const ranges = rangesOf(header ?? '')
  const refused = ranges.filter(({ quality }) => quality === 0)
  const accepted = offered.filter((tag) => !refused.some((range) => isWithin(tag, range.tag)))
  const wanted = ranges.filter(({ quality }) => quality > 0)
  for (const { tag } of wanted.toSorted((one, other) => other.quality - one.quality)) {
    const found = tag === '*' ? accepted[0] : matchingLanguage(tag, accepted)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * The offered language for a tag (RFC 4647 section 3.4): itself, else the nearest that is less specific,
 * else one that is more specific; undefined for none.
 */
export function matchingLanguage(tag: string, offered: readonly string[]): string | undefined {
  for (let range = tag; range !== ''; range = range.slice(0, Math.max(0, range.lastIndexOf('-')))) {
    const found = offered.find((one) => one.toLowerCase() === range.toLowerCase())
    if (found !== undefined) return found
  }
  return offered.find((one) => isWithin(one, tag))
}

/** Whether a text has the shape of a language tag, such as `de` or `pt-BR`, of a usual length. */
export function isLanguageTag(value: unknown): value is string {
  return (
    typeof value === 'string' && value.length <= 35 && /^[a-z]{2,8}(-[a-z\d]{1,8})*$/i.test(value)
  )
}

function isWithin(tag: string, range: string): boolean {
  return `${tag}-`.toLowerCase().startsWith(`${range}-`.toLowerCase())
}

function rangesOf(header: string): readonly Range[] {
  const items = header.slice(0, maxLength).split(',', maxRanges)
  return items.flatMap((item) => {
    const [, tag, quality = '1'] = rangeShape.exec(item.trim()) ?? []
    return tag === '*' || isLanguageTag(tag) ? [{ tag, quality: Number(quality) }] : []
  })
}

const rangeShape = /^([\w*-]+)(?:\s*;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i
