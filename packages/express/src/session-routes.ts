import { clearedCookies, strayCookies } from '@linkpass/core/web'
import type { Request, Response } from 'express'
import { authenticate } from './authenticate.ts'
import { readBody, wantsPage } from './body.ts'
import type { AuthContext } from './context.ts'
import { writeCookies } from './cookies.ts'
import { clearFor, refuse, sendFailure } from './refuse.ts'
import { credentialsOf } from './guard.ts'
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

/**
 * `POST /logout`: ends the session at the service if it can be reached, and in this browser always.
 */
export async function postLogout(context: AuthContext, req: Request, res: Response): Promise<void> {
  const body = await readBody(req, ['returnTo'])
  if (!body.ok) return refuse(context, req, res, body.failure)
  const { cookies } = context.settings
  const { sessionJwt, refreshJwt } = credentialsOf(req, cookies.names)
  if (refreshJwt !== undefined) {
    await context.client.logout(refreshJwt, sessionJwt === undefined ? {} : { sessionJwt })
  }
  writeCookies(res, [...clearedCookies(cookies), ...strayCookies(cookies)])
  if (!wantsPage(req)) return void res.status(204).end()
  res.redirect(303, wayBack(context, body.fields.get('returnTo')))
}
