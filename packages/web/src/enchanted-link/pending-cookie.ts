import type { AuthContext, RouteContext } from '../context.ts'
import {
  type CookieDecision,
  type CookieRecord,
  keptByBrowsers,
  sealedCookie,
} from '../response/cookies.ts'
import { type PendingSignIn, packPendingSignIn, parsePendingSignIn } from './pending-sign-in.ts'

/** What this browser waits for; undefined without a cookie that was sealed here. */
export function pendingOf({ cookie, sealer, settings }: RouteContext): PendingSignIn | undefined {
  const sealed = cookie(settings.cookies.names.pending)
  return sealed === undefined ? undefined : parsePendingSignIn(sealer.open('pending', sealed))
}

/**
 * The cookie that binds an attempt to this browser. The pending reference leaves the server only in
 * this seal. Fails when a reference of the service is too long for a cookie.
 */
export function pendingCookie(
  { sealer, settings }: AuthContext,
  pending: PendingSignIn,
): CookieDecision {
  const sealed = sealer.seal('pending', packPendingSignIn(pending))
  const lifetimeSeconds = pending.lifetimeMs / 1000
  return keptByBrowsers([sealedCookie(settings.cookies, 'pending', sealed, lifetimeSeconds)])
}

/** Clears the pending cookie. */
export function clearedPendingCookie({ settings }: AuthContext): CookieRecord {
  return sealedCookie(settings.cookies, 'pending', '', 0)
}
