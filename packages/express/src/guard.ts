import type { AuthOutcome, DescopeClient, Session } from '@linkpass/core'
import {
  type Credentials,
  type Failure,
  bearerToken,
  isCrossSite,
  isSafeMethod,
  outcomeFailure,
  presentedCookies,
  hasCredentials,
} from '@linkpass/web'
import type { NextFunction, Request, RequestHandler, Response } from 'express'

/** What tells one guard from another: where credentials are, and what an answer may do. */
export interface GuardSite {
  readonly client: DescopeClient
  /** The names of the two session cookies. */
  readonly names: { readonly session: string; readonly refresh: string }
  /** The app's own origin, where it is known. */
  readonly origin: string | undefined
  /** Whether an expired session is refreshed; then `keep` writes the new cookies. */
  readonly refreshes: boolean
  /** Keeps a session that was refreshed; the failure when that cannot be. */
  keep(res: Response, outcome: AuthOutcome): Failure | undefined
}

/** What becomes of a request once it is known who sent it; `failure` is undefined when signed in. */
export type Settle = (
  req: Request,
  res: Response,
  next: NextFunction,
  outcome: AuthOutcome,
  failure: Failure | undefined,
) => void

/**
 * The part all guards share: credentials, the cross-site rule, the client's judgement. It makes no
 * promise when the client made none.
 *
 * A cross-site request with an unsafe method is nobody's, whatever cookies came with it.
 */
export function guard(site: GuardSite, settle: Settle): RequestHandler {
  // Functions of the guard and not of the request: a session seen before makes no closure.
  function conclude(
    req: Request,
    res: Response,
    next: NextFunction,
    outcome: AuthOutcome,
    failure: Failure | undefined,
  ): void {
    remember(req, { site, outcome, failure })
    settle(req, res, next, outcome, failure)
  }

  function decide(
    req: Request,
    res: Response,
    next: NextFunction,
    credentials: Credentials,
    outcome: AuthOutcome,
  ): void {
    const failure = outcomeFailure(outcome, credentials) ?? site.keep(res, outcome)
    conclude(req, res, next, outcome, failure)
  }

  return (req, res, next) => {
    // What a guard before this one found is not asked again, and its cookies are not set again.
    const known = findingIn(site, req)
    if (known !== undefined) return settle(req, res, next, known.outcome, known.failure)
    const credentials = credentialsOf(req, site.names)
    if (isForged(req, credentials, site.origin)) {
      return conclude(req, res, next, nobody, { kind: 'cross-site' })
    }
    const outcome = judge(site, credentials)
    if (!(outcome instanceof Promise)) return decide(req, res, next, credentials, outcome)
    // Express catches what `settle` throws only while the guard has not returned.
    outcome.then((later) => decide(req, res, next, credentials, later)).then(undefined, next)
  }
}

/** Reads who a request says it is: the Bearer header alone where there is one, else two cookies. */
export function credentialsOf(req: Request, names: GuardSite['names']): Credentials {
  const { authorization, cookie } = req.headers
  const bearer = bearerToken(authorization)
  if (bearer !== undefined) {
    return { source: 'bearer', sessionJwt: bearer, refreshJwt: undefined, conflicting: false }
  }
  const { sessionJwt, refreshJwt, conflicting } = presentedCookies(cookie, names)
  return { source: 'cookie', sessionJwt, refreshJwt, conflicting }
}

function isForged(req: Request, credentials: Credentials, origin: string | undefined): boolean {
  return (
    !isSafeMethod(req.method) &&
    credentials.source === 'cookie' &&
    hasCredentials(credentials) &&
    isCrossSite(req, origin)
  )
}

/** Asks the client who that is. Conflicting cookies are nobody's. */
export function judge(
  site: GuardSite,
  credentials: Credentials,
): AuthOutcome | Promise<AuthOutcome> {
  if (credentials.conflicting) return nobody
  const { sessionJwt, refreshJwt } = credentials
  return site.client.authenticate(site.refreshes ? { sessionJwt, refreshJwt } : { sessionJwt })
}

const nobody: AuthOutcome = Object.freeze({ status: 'signed-out', reason: 'no-session' })

interface Finding {
  readonly site: GuardSite
  readonly outcome: AuthOutcome
  readonly failure: Failure | undefined
}

// Ours is what is in here: any library may set req.auth, and none can set this. The site is kept
// too, because what a guard of another project found is nothing to this one. And a map costs less
// than a property: Express gives every request a prototype of its own making, after which V8 looks
// up each property anew.
const found = new WeakMap<Request, Finding>()

/** What a guard of this site has found about a request; undefined before one ran. */
export function findingIn(site: GuardSite, req: Request): Finding | undefined {
  const known = found.get(req)
  return known?.site === site ? known : undefined
}

let setsAuth = false

/** Sets `req.auth` too from now on, which is what `@linkpass/express/register` asks for. */
export function setAuthOnRequests(): void {
  setsAuth = true
}

/** For {@link getSession}, {@link getAuth} and the guards after this one. */
function remember(req: Request & { auth?: AuthOutcome }, finding: Finding): void {
  found.set(req, finding)
  // Only where it was asked for: other libraries have a `req.auth`, and setting one costs more than
  // all the rest that is done here.
  if (setsAuth) req.auth = finding.outcome
}

/**
 * The session of a request that `requireSession()` let through.
 *
 * @throws {Error} no guard of ours ran, or nobody is signed in (after `optionalSession()`)
 */
export function getSession(req: Request): Session {
  const outcome = found.get(req)?.outcome
  if (outcome?.status === 'signed-in') return outcome.session
  throw new Error(
    'getSession(req) needs requireSession() in front of the route; after optionalSession(), ask getAuth(req).',
  )
}

/**
 * The whole outcome of a request, so that a page can tell a visitor from an outage.
 *
 * @throws {Error} no guard of ours ran
 */
export function getAuth(req: Request): AuthOutcome {
  const known = found.get(req)
  if (known !== undefined) return known.outcome
  throw new Error('getAuth(req) needs requireSession() or optionalSession() in front of the route.')
}
