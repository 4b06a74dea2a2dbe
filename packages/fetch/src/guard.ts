import type { AuthOutcome, Session } from '@linkpass/core'
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
 */
export function sessionGuard(guard: Guard<Request>, respond?: FailureHandler): SessionGuard {
  function settle(request: Request, decision: GuardDecision): ReturnType<SessionGuard> {
    const { failure, response } = decision
    const { apply } = passed(decision)
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
export function optionalGuard(guard: Guard<Request>): OptionalGuard {
  function settle(request: Request, decision: GuardDecision): Visitor {
    const outcome = getAuth(request)
    const session = outcome.status === 'signed-in' ? outcome.session : undefined
    return { session, outcome, apply: passed(decision).apply }
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

function passed(decision: GuardDecision): ForResponse {
  return { apply: (response) => withDecision(response, decision) }
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
