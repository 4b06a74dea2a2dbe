/** Long connections: WebSockets and server-sent events. */
import type { Session } from '@linkpass/core'
import { onAbort } from '@linkpass/core/internal'
import type { AuthContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import { crossSiteFailure } from '../request/cross-site.ts'
import { failureJson } from '../response/failure-response.ts'
import type { WebResponse } from '../response/response.ts'
import { withRequest } from '../request/request-reader.ts'
import { authenticate, conclude, credentialsOf, latestIdentity } from './identify.ts'

/** Whether a WebSocket may be opened. */
export type UpgradeDecision =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly failure: Failure; readonly response: WebResponse }

/**
 * Decides on a request to open a WebSocket (RFC 6455 section 4.2.2): its `Origin` must be the app's or
 * one of `trustedOrigins`, since browsers send cookies with a socket to any site, and its session must be
 * valid. A request without `Origin` is of a program, as every browser sends it. Nothing is refreshed, as there
 * is no response to set a cookie on: a session that has expired is refused, and the client refreshes it by a
 * request before it tries again.
 */
export async function identifyUpgrade(app: AuthContext, request: object): Promise<UpgradeDecision> {
  const { settings, site } = app
  const { header } = withRequest(app, request)
  // It is a GET, and has effects all the same. Fetch Metadata cannot make up for a foreign `Origin`.
  const forged = crossSiteFailure(
    {
      method: 'POST',
      header: (name) => (name === 'sec-fetch-site' && header('origin') ? undefined : header(name)),
    },
    settings.app,
  )
  if (forged !== undefined) return refused(forged)
  const credentials = credentialsOf(site, request)
  const outcome = await authenticate({ ...site, keepSession: undefined }, credentials)
  const { session, failure } = conclude(site, request, credentials, outcome)
  return failure === undefined ? { ok: true, session } : refused(failure)
}

function refused(failure: Failure): UpgradeDecision {
  return { ok: false, failure, response: failureJson(failure) }
}

/**
 * The end of the session of a request that a guard or {@link identifyUpgrade} let through.
 *
 * @param closed releases it, if given; any number of sessions may wait for one signal
 * @throws {Error} neither has run, or no user is signed in
 */
export function sessionEnd(
  { client, site }: AuthContext,
  request: object,
  closed?: AbortSignal,
): ReturnType<AuthContext['client']['watchSession']> {
  const outcome = latestIdentity(request)?.outcome
  if (outcome?.status !== 'signed-in') {
    throw new Error(
      'sessionEnded(req) found no session. Put requireSession() in front of the route, or call identifyUpgrade(req) first.',
    )
  }
  const { session, refreshed } = outcome
  const { refreshJwt } = refreshed ?? credentialsOf(site, request)
  const end = client.watchSession(session, refreshJwt)
  // Without its listener once the session has ended, as `closed` may live on.
  if (closed !== undefined) onAbort(end.signal, onAbort(closed, end.release))
  return end
}
