import { isOneTimeToken } from '@linkpass/core/internal'

// A token, and what a mail program or a user took along with the link: the end of a sentence, brackets,
// quotation marks, spaces, line breaks, an emoji, a tag, a tracker's query. Few of them, so that this stays
// linear.
const pasted =
  /^([\w.~-]*[\w~-])(?:(?!%)[\p{P}\p{S}\p{Z}\p{Cf}\t\r\n]){0,8}(?:(?<=[<?])[\x20-\x7e]{1,200})?$/u

/**
 * The one-time token of a callback URL, or undefined when there is not exactly one that can be valid.
 *
 * Reads the raw query, because parsers differ in what they make of `t=a&t=b`, `t[]=a` or
 * `t=%E0%A4%A`. Decodes once. A plus sign stays a plus sign. What a paste took along after the token is left out.
 *
 * @param target a request target, such as `/auth/verify/…?t=…`
 */
export function linkTokenOf(target: string): string | undefined {
  const mark = target.indexOf('?')
  if (mark === -1) return undefined
  const given = target
    .slice(mark + 1)
    .split('&')
    .filter((pair) => pair.startsWith('t='))
  const [only] = given
  if (only === undefined || given.length > 1) return undefined
  const token = pasted.exec(decodeOnce(only.slice(2)) ?? '')?.[1]
  return isOneTimeToken(token) ? token : undefined
}

function decodeOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    // An incomplete percent escape. No token has one.
    return undefined
  }
}
