interface Range {
  readonly tag: string
  readonly quality: number
}

// Longer headers and lists are no browser's.
const maxLength = 1000
const maxRanges = 32

/**
 * The language that an `Accept-Language` (RFC 9110 section 12.5.4) prefers among those that are offered;
 * undefined where it accepts none of them. What is not well-formed is ignored.
 *
 * | header             | offered       | language  |
 * | ------------------ | ------------- | --------- |
 * | de-AT, fr          | en, de, fr    | de        |
 * | fr;q=0.5, de;q=0.9 | en, de, fr    | de        |
 * | pt                 | en, pt-BR     | pt-BR     |
 * | it, *              | en, de        | en        |
 * | de;q=0, *          | de, en        | en        |
 * | it                 | en, de        | none      |
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
    const [tag = '', weight, ...more] = item.split(';').map((part) => part.trim())
    const [, quality] =
      weight === undefined
        ? ['', '1']
        : (/^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i.exec(weight) ?? [])
    const isValid =
      quality !== undefined && more.length === 0 && (tag === '*' || isLanguageTag(tag))
    return isValid ? [{ tag, quality: Number(quality) }] : []
  })
}
