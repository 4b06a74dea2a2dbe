import type { Session, User } from '@linkpass/core'
import type { AuthContext, RouteContext } from '../context.ts'
import { type Decision, type Failure, isSignedOut } from '../failure.ts'
import { credentialsOf, identify } from '../guard/identify.ts'
import { stepUpResponse } from '../guard/require-session.ts'
import { returnPath, signInUrl } from '../paths.ts'
import { reportedCall } from '../report.ts'
import { acceptsPage } from '../request/navigation.ts'
import { failureResponse } from '../response/failure-response.ts'
import type { WebResponse } from '../response/response.ts'
import { callFailure } from '../service-failure.ts'

export interface SignedInUser {
  readonly session: Session
  readonly refreshJwt: string
}

export interface CurrentUser extends SignedInUser {
  readonly loginId: string
}

/** Who is signed in, for a call to the service; a failure where it cannot be asked. */
export async function signedInUser(
  { site }: Pick<AuthContext, 'site'>,
  request: object,
): Promise<Decision<{ readonly user: SignedInUser }>> {
  const { outcome, session, failure } = await identify(site, request)
  if (failure !== undefined) return { ok: false, failure }
  const { source, refreshJwt: presented } = credentialsOf(site, request)
  const refreshed = outcome.status === 'signed-in' ? outcome.refreshed : undefined
  const refreshJwt = refreshed?.refreshJwt ?? presented
  if (refreshJwt !== undefined) return { ok: true, user: { session, refreshJwt } }
  // A Bearer token, or a session without its refresh cookie: the service cannot be asked.
  const reason = 'no-session'
  return { ok: false, failure: { kind: 'signed-out', reason, source, clearSession: false } }
}

/**
 * Why the service is not asked with a refresh token: a logout, a revocation or another sign-in has ended it,
 * which the service may not know; undefined where none has. Rejects in an outage.
 */
export async function endOf(
  { client }: Pick<AuthContext, 'client'>,
  refreshJwt: string,
): Promise<Failure | undefined> {
  const record = await client.recordOf(refreshJwt)
  // Of one that was rotated, the service decides.
  if (record === 'nothing' || record === 'rotated') return undefined
  const isReplaced = record === 'replaced'
  const reason = isReplaced ? 'refresh-rotated' : 'revoked'
  return { kind: 'signed-out', reason, source: 'cookie', clearSession: !isReplaced }
}

/** Who is signed in. The login ID comes from the service's `me`, never from a request. */
export async function currentUser(
  context: RouteContext,
): Promise<Decision<{ readonly user: CurrentUser }>> {
  const found = await signedInUser(context, context.request)
  if (!found.ok) return found
  const ended = await endOf(context, found.user.refreshJwt)
  if (ended !== undefined) return { ok: false, failure: ended }
  const { session, refreshJwt } = found.user
  const me = await context.client.me(refreshJwt)
  if (!me.ok) return { ok: false, failure: reportedCall(me.error, callFailure(me.error)) }
  const loginId = loginIdOf(me.data)
  // The refresh cookie of one user beside the session of another is refused.
  if (loginId === undefined || session.userId !== me.data.userId) {
    return { ok: false, failure: { kind: 'forbidden', missing: 'permission' } }
  }
  return { ok: true, user: { session, loginId, refreshJwt } }
}

// An address by preference: it can be masked so that the user recognises it.
function loginIdOf({ loginIds }: User): string | undefined {
  return loginIds.find((one) => one.includes('@')) ?? loginIds[0]
}

/**
 * The response to a failure for a user who was signed in. It leads back to where they were, through a
 * sign-in if need be.
 *
 * @param returnTo where that is @default the page with the form
 */
export function accountFailure(
  context: RouteContext,
  failure: Failure,
  returnTo: string = returnPath(context.settings, context.header('referer')),
): WebResponse | Promise<WebResponse> {
  const needsStepUp = failure.kind === 'step-up-needed'
  if (needsStepUp && acceptsPage(context)) {
    return stepUpResponse(context, returnTo, failure)
  }
  const url = isSignedOut(failure) ? signInUrl(context.settings, returnTo) : returnTo
  return failureResponse(context, failure, { url })
}
