import type { AuthOutcome, Clock, Session } from '@linkpass/core'
import {
  FailureError,
  type Guard,
  type GuardDecision,
  getAuth as getAuthOf,
  getSession as getSessionOf,
  reportedError,
} from '@linkpass/web'
import { responseTo, withDecision } from './response.ts'

/** What must go on the response to a request. */
export interface ForResponse {
  /**
   * Adds to a response what belongs on it, such as the cookies of a refreshed session. Returns the same
   * response, or a copy where its headers are immutable. Send what it returns.
   */
  apply(this: void, response: Response): Response
}

/** A request with a signed-in user. Its `apply` also sets `Cache-Control` where a response has none. */
export interface SignedIn extends ForResponse {
  readonly session: Session
}

/** A request of anyone. Its `apply` is that of {@link SignedIn}. */
export interface Visitor extends ForResponse {
  /** Undefined for a visitor who is not signed in. */
  readonly session: Session | undefined
  /** The whole outcome, which tells a visitor without a session from an outage. */
  readonly outcome: AuthOutcome
}

/**
 * Lets a request with a signed-in user through, or responds to it. A promise only when I/O is needed.
 */
export type SessionGuard = (request: Request) => SignedIn | Response | Promise<SignedIn | Response>

/** Finds out who sent a request. A promise only when I/O is needed. */
export type OptionalGuard = (request: Request) => Visitor | Promise<Visitor>

/** Responds to a failure by hand. */
export type FailureHandler = (
  this: void,
  request: Request,
  error: FailureError,
) => Response | Promise<Response>

/**
 * A guard as a function of a request.
 *
 * @param respond what responds where the guard leaves that to the app
 * @param watch of a guard that sets cookies
 */
export function sessionGuard(
  guard: Guard<Request>,
  respond?: FailureHandler,
  watch?: ApplyWatch,
): SessionGuard {
  function settle(request: Request, decision: GuardDecision): ReturnType<SessionGuard> {
    const { failure, response } = decision
    const { apply } = passed(decision, watch)
    if (failure === undefined) return { session: getSession(request), apply }
    if (response !== undefined) return apply(responseTo(request, response))
    const error = new FailureError(failure)
    if (failure.kind === 'app-error') return apply(error.getResponse())
    try {
      const byHand = respond?.(request, error)
      return byHand instanceof Promise
        ? byHand.then(checked).catch(errorResponse).then(apply)
        : apply(checked(byHand))
    } catch (thrown) {
      return apply(errorResponse(thrown))
    }
  }

  return (request) => {
    const decision = decisionOf(guard, request)
    return decision instanceof Promise
      ? decision.then((later) => settle(request, later))
      : settle(request, decision)
  }
}

/** A guard that lets every request through, as a function of a request. */
export function optionalGuard(guard: Guard<Request>, watch: ApplyWatch): OptionalGuard {
  function settle(request: Request, decision: GuardDecision): Visitor {
    const outcome = getAuth(request)
    const session = outcome.status === 'signed-in' ? outcome.session : undefined
    return { session, outcome, apply: passed(decision, watch).apply }
  }

  return (request) => {
    const decision = decisionOf(guard, request)
    return decision instanceof Promise
      ? decision.then((later) => settle(request, later))
      : settle(request, decision)
  }
}

function decisionOf(guard: Guard<Request>, request: Request): ReturnType<Guard<Request>> {
  try {
    return guard(request)
  } catch (error) {
    requireRequest('requireSession', request)
    throw error
  }
}

/**
 * Frameworks wrap requests. Their own has no headers, or would seem to have none, and so no session.
 *
 * @throws {TypeError} it is none of the Fetch standard
 */
export function requireRequest(name: string, request: Request): Request {
  if (typeof request?.headers?.get === 'function' && typeof request.url === 'string') return request
  throw new TypeError(`auth.${name} needs a Request. In Hono, pass c.req.raw.`)
}

/**
 * Does not read the headers, which a server may keep as a plain object until then.
 *
 * @throws {TypeError} it is none of the Fetch standard
 */
export function requireResponse(response: Response): Response {
  if (typeof response === 'object' && response !== null && 'headers' in response) return response
  throw new TypeError(
    'apply needs the Response to send. In Hono, pass c.res, or what c.json() made.',
  )
}

function passed(decision: GuardDecision, watch?: ApplyWatch): ForResponse {
  if (decision.cookies.length > 0) watch?.decided(decision)
  return {
    apply: (response) => {
      watch?.applied(decision)
      return withDecision(requireResponse(response), decision)
    },
  }
}

/** Notices that `apply` is not called where a guard has cookies to set. */
export interface ApplyWatch {
  decided(this: void, decision: GuardDecision): void
  applied(this: void, decision: GuardDecision): void
}

/**
 * Warns once, at the first cookies after those that have waited for more than a minute. One decision is
 * watched at a time, so a slow handler is no reason for a list or a timer.
 */
export function watchApply(clock: Clock): ApplyWatch {
  let open: { readonly decision: GuardDecision; readonly since: number } | undefined
  let warned = false
  return {
    decided: (decision) => {
      if (warned) return
      open ??= { decision, since: clock.monotonic() }
      if (clock.monotonic() - open.since <= 60_000) return
      warned = true
      process.emitWarning(
        'Cookies of a session were not sent: apply(response) was not called. Its user may be signed out.',
        {
          code: 'LINKPASS_SIGN_IN',
          detail:
            'Send what apply(response) returns, also for an error. In Hono, use a middleware as in the README of @linkpass/fetch.',
        },
      )
    },
    applied: (decision) => {
      if (open?.decision === decision) open = undefined
    },
  }
}

/** What a function of the app threw is reported, and the response has the cookies all the same. */
function errorResponse(error: unknown): Response {
  return new FailureError(reportedError(error)).getResponse()
}

function checked(response: unknown): Response {
  if (response instanceof Response) return response
  throw new TypeError('requireSession: onSignedOut must return a Response.')
}

/**
 * The session of a request that `requireSession()` let through.
 *
 * @throws {Error} no guard has run, or no user is signed in (after `optionalSession()`)
 */
export const getSession: (request: Request) => Session = getSessionOf

/**
 * The whole outcome of a request, which tells a visitor without a session from an outage.
 *
 * @throws {Error} no guard has run
 */
export const getAuth: (request: Request) => AuthOutcome = getAuthOf
