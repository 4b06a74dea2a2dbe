import type { AuthContext } from '../context.ts'
import { readBody } from '../request/body.ts'
import { acceptsPage } from '../request/navigation.ts'
import { factsOf } from '../request/request-reader.ts'
import { failureResponse } from '../response/failure-response.ts'
import { type WebResponse, json, redirect, withCookies } from '../response/response.ts'
import type { Handler } from '../serve.ts'
import { type AcceptOnce, createAcceptOnce } from '../session/accept-once.ts'
import { signInCookies } from '../session/accept-sign-in.ts'
import { clearedPendingCookie, pendingOf } from './pending-cookie.ts'
import type { PendingSignIn } from './pending-sign-in.ts'

/**
 * `POST /enchanted-link/complete`: gives the session to the browser that made the attempt. A 303 for
 * forms, `{ redirectTo }` for JSON clients; 409 with the state while there is no session to give.
 */
export function createComplete<R extends object>(context: AuthContext<R>): Handler<R> {
  const acceptOnce = createAcceptOnce(context, 'completed')
  return (request) => complete(context, acceptOnce, request)
}

async function complete<R extends object>(
  context: AuthContext<R>,
  acceptOnce: AcceptOnce<R>,
  request: R,
): Promise<WebResponse> {
  const { broker, read } = context
  const body = await readBody(read, request, [])
  if (!body.ok) return failureResponse(context, request, body.failure)
  const pending = pendingOf(context, request)
  const tokens = pending && (await broker.take(pending))
  if (pending === undefined || tokens === undefined) {
    return notCompleted(context, request, pending)
  }
  const decision = await acceptOnce(request, {
    secret: `${pending.state} ${pending.pendingRef}`,
    obtain: async () => ({ ok: true, tokens }),
  })
  if (!decision.ok) return failureResponse(context, request, decision.failure)
  const kept = signInCookies(context, request, decision.signIn)
  if (!kept.ok) return failureResponse(context, request, kept.failure)
  await broker.completed(pending.state)
  await context.sendLimiter?.forgive(pending.loginId)
  const { returnTo } = pending
  const response = acceptsPage(factsOf(read, request))
    ? redirect(returnTo)
    : json(200, { redirectTo: returnTo })
  return withCookies(response, [...kept.cookies, clearedPendingCookie(context)])
}

async function notCompleted<R extends object>(
  { broker, read, settings }: AuthContext<R>,
  request: R,
  pending: PendingSignIn | undefined,
): Promise<WebResponse> {
  if (acceptsPage(factsOf(read, request))) return redirect(settings.pages.waiting)
  const state = pending === undefined ? 'expired' : await broker.status(pending, 0)
  return json(409, { state })
}
