import {
  afterLogout,
  clearedCookies,
  outcomeFailure,
  randomState,
  strayCookies,
  tokensToEnd,
} from '@linkpass/web'
import type { Request, Response } from 'express'
import { authenticate } from './authenticate.ts'
import { readBody, wantsPage } from './body.ts'
import { browserRecordOf, keepBrowserRecord } from './browser-record.ts'
import type { AuthContext } from './context.ts'
import { writeCookies } from './cookies.ts'
import { dropPending, pendingOf } from './pending-cookie.ts'
import { clearFor, refuse, sendFailure } from './refuse.ts'
import { credentialsOf, findingIn, judge } from './guard.ts'
import { reportLogout } from './report.ts'
import { wayBack } from './start-link.ts'

/** `GET /session`: who is signed in, without a secret. */
export async function getSessionRoute(
  context: AuthContext,
  req: Request,
  res: Response,
): Promise<void> {
  const { outcome, failure } = await authenticate(context, req, res)
  if (failure !== undefined) {
    clearFor(context, res, failure)
    return sendFailure(res, failure)
  }
  if (outcome.status !== 'signed-in') return
  const { userId, roles, permissions, tenants, amr, expiresAt } = outcome.session
  res.set('Cache-Control', 'no-store')
  res.json({ userId, roles, permissions, tenants, amr, expiresAt })
}

/** `POST /refresh`: a new session now, rather than when the old one has expired. */
export async function postRefresh(
  context: AuthContext,
  req: Request,
  res: Response,
): Promise<void> {
  const body = await readBody(req, ['returnTo'])
  if (!body.ok) return refuse(context, req, res, body.failure)
  const { guardSite, settings } = context
  const credentials = { ...credentialsOf(req, settings.cookies.names), sessionJwt: undefined }
  const outcome = await judge(guardSite, credentials)
  const failure = outcomeFailure(outcome, credentials) ?? guardSite.keep(res, outcome)
  if (failure !== undefined) return refuse(context, req, res, failure)
  if (wantsPage(req)) return res.redirect(303, wayBack(context, body.fields.get('returnTo')))
  if (outcome.status === 'signed-in') res.json({ expiresAt: outcome.session.expiresAt })
}

/** How long a logout waits for the service; in this browser it counts either way. */
const logoutTimeoutMs = 5000

/**
 * `POST /logout` and `POST /logout-all`: ends one session of a person, or all of them, at the
 * service if it can be reached, and in this browser always.
 */
export async function postLogout(
  context: AuthContext,
  req: Request,
  res: Response,
  everywhere: boolean,
): Promise<void> {
  const body = await readBody(req, ['returnTo'])
  if (!body.ok) return refuse(context, req, res, body.failure)
  const { cookies } = context.settings
  const { sessionJwt, refreshJwt } = tokensOf(context, req)
  if (refreshJwt !== undefined) {
    const client = context.client.with({ timeoutMs: logoutTimeoutMs })
    const ended = everywhere
      ? await client.logoutAll(refreshJwt)
      : await client.logout(refreshJwt, sessionJwt === undefined ? {} : { sessionJwt })
    if (!ended.ok) reportLogout(ended.error)
  }
  writeCookies(res, [...clearedCookies(cookies), ...strayCookies(cookies)])
  const record = browserRecordOf(context, req)
  if (record !== undefined) {
    keepBrowserRecord(context, req, res, afterLogout(record, randomState()))
  }
  if (pendingOf(context, req) !== undefined) dropPending(context, res)
  if (!wantsPage(req)) return void res.status(204).end()
  res.redirect(303, wayBack(context, body.fields.get('returnTo')))
}

/**
 * What there is to end: the cookies of the request, beside a Bearer token too, or what a guard
 * before us traded them for.
 */
function tokensOf(
  { guardSite }: AuthContext,
  req: Request,
): { sessionJwt?: string | undefined; refreshJwt?: string | undefined } {
  const outcome = findingIn(guardSite, req)?.outcome
  const refreshed = outcome?.status === 'signed-in' ? outcome.refreshed : undefined
  return refreshed ?? tokensToEnd(req.headers.cookie ?? '', guardSite.names)
}
