import type {
  AuthOutcome,
  DescopeClient,
  IssuedTokens,
  Session,
  SignedOutReason,
} from '@linkpass/core'
import type { Failure } from '../failure.ts'
import {
  type Credentials,
  type SessionCookieNames,
  hasCredentials,
  readCredentials,
} from '../request/credentials.ts'
import { isCrossSite } from '../request/cross-site.ts'
import { type RequestReader, isSafeMethod, withRequest } from '../request/request-reader.ts'
import type { CookieDecision, CookieRecord } from '../response/cookies.ts'

/** Where requests arrive: how they are read, where credentials are, and how a session is kept. */
export interface Site {
  readonly client: DescopeClient
  readonly read: RequestReader<object>
  /** Undefined where no cookie is read. */
  readonly names: SessionCookieNames | undefined
  /** The app's own origin, where it is known. */
  readonly origin: string | undefined
  /** Makes the cookies of a refreshed session; undefined where sessions are not refreshed. */
  readonly keepSession: ((tokens: IssuedTokens) => CookieDecision) | undefined
}

/** Who sent a request. */
export interface Identity {
  readonly outcome: AuthOutcome
  /** Why no user is signed in; undefined for a signed-in one. */
  readonly failure: Failure | undefined
}

/** An identity as it is remembered for its request. */
interface Known extends Identity {
  readonly site: object
  /** Cookies of a refreshed session that are not on a response yet. */
  unsent: readonly CookieRecord[]
}

// A WeakMap and not a property of the request: any library may set `req.auth`, and none can set this.
// Express gives each request a prototype of its own, so a property would also be slower (figures in
// tools/bench/RESULTS.md, "Express route").
// Two copies of this package, such as both builds, share it.
const sharedAs = Symbol.for('linkpass.identities')
const shared: typeof globalThis & { [sharedAs]?: WeakMap<object, Known> } = globalThis
const identities = (shared[sharedAs] ??= new WeakMap())

const none: readonly CookieRecord[] = Object.freeze([])
const noSession: AuthOutcome = Object.freeze({ status: 'signed-out', reason: 'no-session' })
const crossSite: Failure = Object.freeze({ kind: 'cross-site' })

/**
 * Finds out who sent a request: the one way to do so, for guards, routes and adapters. Returns a
 * promise only when I/O is needed. A request is checked once; later calls return the same identity.
 *
 * A cross-site request with an unsafe method has no user, whatever cookies came with it.
 */
export function identify(site: Site, request: object): Identity | Promise<Identity> {
  const known = identities.get(request)
  if (known?.site === site) return known
  const credentials = credentialsOf(site, request)
  if (isForged(site, request, credentials)) return remember(site, request, noSession, crossSite)
  const outcome = authenticate(site, credentials)
  return outcome instanceof Promise
    ? outcome.then((later) => conclude(site, request, credentials, later))
    : conclude(site, request, credentials, outcome)
}

/** The credentials of a request by the site's cookie names. */
export function credentialsOf({ read, names }: Site, request: object): Credentials {
  return readCredentials(
    read.header(request, 'authorization'),
    read.header(request, 'cookie'),
    names,
  )
}

/** What credentials amount to, by the client. Absent or conflicting cookies are no session. */
export function authenticate(
  { client, keepSession }: Site,
  { sessionJwt, refreshJwt, conflicting }: Credentials,
): AuthOutcome | Promise<AuthOutcome> {
  if (conflicting || (sessionJwt === undefined && refreshJwt === undefined)) return noSession
  return client.authenticate(
    keepSession === undefined ? { sessionJwt } : { sessionJwt, refreshJwt },
  )
}

function isForged({ read, origin }: Site, request: object, credentials: Credentials): boolean {
  return (
    !isSafeMethod(read.method(request)) &&
    credentials.source === 'cookie' &&
    hasCredentials(credentials) &&
    isCrossSite(withRequest({ read }, request), origin)
  )
}

function conclude(
  site: Site,
  request: object,
  credentials: Credentials,
  outcome: AuthOutcome,
): Identity {
  if (outcome.status !== 'signed-in') {
    return remember(site, request, outcome, outcomeFailure(outcome, credentials))
  }
  if (outcome.refreshed === undefined) return remember(site, request, outcome, undefined)
  const kept = site.keepSession?.(outcome.refreshed)
  if (kept?.ok === false) return remember(site, request, outcome, kept.failure)
  return remember(site, request, outcome, undefined, kept?.cookies)
}

/**
 * Reasons for which no session has certainly ended: the browser may hold newer cookies than it sent
 * with this request, the token will be valid once the clocks agree, or it is another app's.
 */
const keepsCookies: readonly SignedOutReason[] = [
  'refresh-rotated',
  'not-yet-valid',
  'other-project',
]

/** Why an outcome is no session; undefined for one that is. */
export function outcomeFailure(
  outcome: AuthOutcome,
  credentials: Credentials,
): Failure | undefined {
  switch (outcome.status) {
    case 'signed-in':
      return undefined
    case 'unavailable':
      return { kind: 'unavailable', retryAfterSeconds: outcome.retryAfterSeconds }
    case 'signed-out': {
      if (credentials.conflicting) return { kind: 'conflicting-cookies' }
      const { source } = credentials
      if (outcome.reason === 'different-users') return { kind: 'conflicting-cookies' }
      const clearSession =
        source === 'cookie' && hasCredentials(credentials) && !keepsCookies.includes(outcome.reason)
      return { kind: 'signed-out', reason: outcome.reason, source, clearSession }
    }
  }
}

function remember(
  site: Site,
  request: object,
  outcome: AuthOutcome,
  failure: Failure | undefined,
  unsent: readonly CookieRecord[] = none,
): Identity {
  const identity: Known = { site, outcome, failure, unsent }
  identities.set(request, identity)
  return identity
}

/**
 * The cookies of a refreshed session that must go on the response to this request. Each is returned
 * once, so that two guards do not set it twice.
 */
export function takeUnsentCookies(site: Site, request: object): readonly CookieRecord[] {
  const known = identities.get(request)
  if (known?.site !== site || known.unsent.length === 0) return none
  const { unsent } = known
  known.unsent = none
  return unsent
}

/** The identity that a guard of this site found; undefined before one has run. */
export function knownIdentity(site: Site, request: object): Identity | undefined {
  const known = identities.get(request)
  return known?.site === site ? known : undefined
}

/**
 * The session of a request that a guard let through.
 *
 * @throws {Error} no guard has run, or no user is signed in (after `optionalSession()`)
 */
export function getSession(request: object): Session {
  const outcome = identities.get(request)?.outcome
  if (outcome?.status === 'signed-in') return outcome.session
  throw new Error(
    'getSession(req) found no session. Put requireSession() in front of the route; after optionalSession(), use getAuth(req).',
  )
}

/**
 * The whole outcome of a request, which tells a visitor without a session from an outage.
 *
 * @throws {Error} no guard has run
 */
export function getAuth(request: object): AuthOutcome {
  const known = identities.get(request)
  if (known !== undefined) return known.outcome
  throw new Error(
    'getAuth(req) found no outcome. Put requireSession() or optionalSession() in front of the route.',
  )
}
