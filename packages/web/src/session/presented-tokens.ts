import type { TokensToEnd } from '@linkpass/core'
import type { RouteContext } from '../context.ts'
import { knownIdentity } from '../guard/identify.ts'
import { tokensToEnd } from '../request/credentials.ts'

/**
 * The tokens to end: those of the request's cookies, also beside a Bearer token, and what a guard in front
 * of the router has traded them for.
 */
export function presentedTokens({ header, request, settings, site }: RouteContext): TokensToEnd {
  if (settings.session === 'none') return { sessionJwts: [], refreshJwts: [] }
  const outcome = knownIdentity(site, request)?.outcome
  const refreshed = outcome?.status === 'signed-in' ? outcome.refreshed : undefined
  const { sessionJwts, refreshJwts } = tokensToEnd(header('cookie') ?? '', settings.cookies.names)
  if (refreshed === undefined) return { sessionJwts, refreshJwts }
  return {
    sessionJwts: [...sessionJwts, refreshed.sessionJwt],
    refreshJwts: [...new Set([...refreshJwts, refreshed.refreshJwt])],
  }
}
