import {
  type Failure,
  type PendingSignIn,
  oversizeFailure,
  packPendingSignIn,
  parsePendingSignIn,
  readCookie,
  sealedCookie,
} from '@linkpass/web'
import type { Request, Response } from 'express'
import type { AuthContext } from './context.ts'
import { writeCookies } from './cookies.ts'
import { reportCookies } from './report.ts'

/** What this browser waits for; undefined without a cookie that we sealed. */
export function pendingOf(context: AuthContext, req: Request): PendingSignIn | undefined {
  const sealed = readCookie(req.headers.cookie ?? '', context.settings.cookies.names.pending)
  if (sealed === undefined || sealed === false) return undefined
  return parsePendingSignIn(context.sealer.open('pending', sealed))
}

/**
 * Binds an attempt to this browser: its reference never leaves the server but in this seal. Returns
 * the failure when a reference of the service is too long for a cookie.
 */
export function keepPending(
  context: AuthContext,
  res: Response,
  pending: PendingSignIn,
): Failure | undefined {
  const { cookies } = context.settings
  const sealed = context.sealer.seal('pending', packPendingSignIn(pending))
  const record = sealedCookie(cookies, 'pending', sealed, pending.lifetimeMs / 1000)
  const failure = oversizeFailure([record])
  if (failure === undefined) writeCookies(res, [record])
  else reportCookies(failure)
  return failure
}

/** Forgets what was waited for. */
export function dropPending(context: AuthContext, res: Response): void {
  writeCookies(res, [sealedCookie(context.settings.cookies, 'pending', '', 0)])
}
