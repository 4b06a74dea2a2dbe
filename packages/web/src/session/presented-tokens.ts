import type { TokensToEnd } from '@linkpass/core'
import type { AuthContext } from '../context.ts'
import { knownIdentity } from '../guard/identify.ts'
import { tokensToEnd } from '../request/credentials.ts'

/**
 * The tokens to end: those of the request's cookies, also beside a Bearer token, and what a guard in front
 * of the router has traded them for.
 */
export function presentedTokens<R extends object>(
  { read, site, settings }: AuthContext<R>,
  request: R,
): TokensToEnd {
  const outcome = knownIdentity(site, request)?.outcome
  const refreshed = outcome?.status === 'signed-in' ? outcome.refreshed : undefined
  const cookie = read.header(request, 'cookie') ?? ''
  const { sessionJwts, refreshJwts } = tokensToEnd(cookie, settings.cookies.names)
  if (refreshed === undefined) return { sessionJwts, refreshJwts }
  return {
    sessionJwts: [...sessionJwts, refreshed.sessionJwt],
    refreshJwts: [...new Set([...refreshJwts, refreshed.refreshJwt])],
  }
}
