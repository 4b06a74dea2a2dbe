import type { AuthContext } from '../context.ts'
import { reportCookies } from '../report.ts'
import { readCookie } from '../request/credentials.ts'
import {
  type CookieDecision,
  type CookieRecord,
  oversizeFailure,
  sealedCookie,
} from '../response/cookies.ts'
import { type PendingSignIn, packPendingSignIn, parsePendingSignIn } from './pending-sign-in.ts'

/** What this browser waits for; undefined without a cookie that was sealed here. */
export function pendingOf<R extends object>(
  { read, sealer, settings }: AuthContext<R>,
  request: R,
): PendingSignIn | undefined {
  const sealed = readCookie(read.header(request, 'cookie') ?? '', settings.cookies.names.pending)
  if (sealed === undefined || sealed === false) return undefined
  return parsePendingSignIn(sealer.open('pending', sealed))
}

/**
 * The cookie that binds an attempt to this browser. The pending reference leaves the server only in
 * this seal. Fails when a reference of the service is too long for a cookie.
 */
export function pendingCookie<R extends object>(
  { sealer, settings }: AuthContext<R>,
  pending: PendingSignIn,
): CookieDecision {
  const sealed = sealer.seal('pending', packPendingSignIn(pending))
  const cookie = sealedCookie(settings.cookies, 'pending', sealed, pending.lifetimeMs / 1000)
  const failure = oversizeFailure([cookie])
  if (failure === undefined) return { ok: true, cookies: [cookie] }
  reportCookies(failure)
  return { ok: false, failure }
}

/** Clears the pending cookie. */
export function clearedPendingCookie<R extends object>({ settings }: AuthContext<R>): CookieRecord {
  return sealedCookie(settings.cookies, 'pending', '', 0)
}
