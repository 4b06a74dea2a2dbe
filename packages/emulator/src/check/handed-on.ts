import type { Exchange } from './browser.ts'
import { sessionTokensIn } from './read-token.ts'

/** How a response hands on the token of a session or, to another site, that of a link. */
export function handedOn(
  { location, path, headers, text }: Exchange,
  oneTimeTokens: readonly string[],
  isOwn: (url: string) => boolean,
): string | undefined {
  const [kind] = sessionTokensIn(location ?? '').keys()
  if (kind !== undefined) {
    return `A redirect has the ${kind} in its URL: browsers keep it in their history, and servers in their logs.`
  }
  const hasOneTime = (url: string): boolean => oneTimeTokens.some((token) => url.includes(token))
  if (location !== undefined && hasOneTime(location) && !isOwn(location)) {
    return 'A redirect hands the one-time token of the link to another site.'
  }
  const meta = /<meta[^>]+name\s*=\s*["']?referrer[^>]*>/i.exec(text)?.[0] ?? ''
  const policy = `${String(headers['referrer-policy'] ?? '')} ${meta}`
  return /unsafe-url|no-referrer-when-downgrade/i.test(policy) && hasOneTime(path)
    ? 'The page of the link lets browsers send its URL, with the one-time token, to other sites as Referer.'
    : undefined
}
