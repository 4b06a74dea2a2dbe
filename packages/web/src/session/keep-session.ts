import type { IssuedTokens } from '@linkpass/core'
import { reportCookies } from '../report.ts'
import type { CookiePolicy } from '../response/cookie-policy.ts'
import { type CookieDecision, sessionCookies } from '../response/cookies.ts'

/** The cookies of a session; reports a session that is too large for them. */
export function keepSession(
  policy: CookiePolicy,
  tokens: IssuedTokens,
  now: number,
): CookieDecision {
  const decision = sessionCookies(policy, tokens, now)
  if (!decision.ok) reportCookies(decision.failure)
  return decision
}
