import { isSentTo } from './cookie-jar.ts'
import type { SiteFacts } from './site/site-facts.ts'

/** Why a check that needs a guarded page is not applicable; undefined if it is. */
export function needsPage({ page }: SiteFacts): string | undefined {
  return page === undefined
    ? 'no page was found that only signed-in users get; --page names one'
    : undefined
}

/** The same for a check that needs to know whether a browser is signed in. */
export function needsSession(facts: SiteFacts): string | undefined {
  return facts.sessionCookie === undefined ? needsPage(facts) : undefined
}

/** The same for a check that needs the tokens of the service in cookies. */
export function needsTokens(facts: SiteFacts): string | undefined {
  const missing = facts.sessionCookie
    ? undefined
    : 'the cookies hold a session of the app, and no token of the service'
  return needsPage(facts) ?? missing
}

/** The same for a check that needs the refresh token to reach the page. */
export function needsRefreshToken(facts: SiteFacts): string | undefined {
  const { page = '/', refreshCookie } = facts
  const other = needsTokens(facts)
  if (other !== undefined) return other
  if (refreshCookie === undefined) return 'no cookie holds a refresh token'
  return isSentTo(refreshCookie, page)
    ? undefined
    : `browsers send the refresh token only to ${refreshCookie.path}, and not to ${page}`
}
