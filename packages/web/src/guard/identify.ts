import type {
  AuthOutcome,
  DescopeClient,
  IssuedTokens,
  Session,
  SignedOutReason,
} from '@linkpass/core'
import type { AppOrigin } from '../app-url.ts'
import type { Failure } from '../failure.ts'
import {
  type Credentials,
  type SessionCookieNames,
  hasCredentials,
  readCredentials,
} from '../request/credentials.ts'
import { crossSiteFailure } from '../request/cross-site.ts'
import { type RequestReader, isSafeMethod, withRequest } from '../request/request-reader.ts'
import { reportOutage } from '../report.ts'
import type { CookieDecision, CookieRecord } from '../response/cookies.ts'

/** Where requests arrive: how they are read, where credentials are, and how a session is kept. */
export interface Site {
  readonly client: DescopeClient
  readonly read: RequestReader<object>
  /** Undefined where no cookie is read. */
  readonly names: SessionCookieNames | undefined
  /** The app's own address, where it is known. */
  readonly app: AppOrigin | undefined
  /** Makes the cookies of a refreshed session; undefined where sessions are not refreshed. */
  readonly keepSession: ((tokens: IssuedTokens) => CookieDecision) | undefined
}

/** Who sent a request: the session of a signed-in user, or why no user is signed in. */
export type Identity = {
  readonly outcome: AuthOutcome
  /** Cookies of a refreshed session that are not on a response yet: see {@link takeUnsent}. */
  unsent: readonly CookieRecord[]
} & Who

type Who =
  | { readonly session: Session; readonly failure: undefined }
  | { readonly session: undefined; readonly failure: Failure }

type Known = Identity & { readonly site: object }

// A WeakMap and not a property of the request: any library may set `req.auth`, and none can set this.
// Express gives each request a prototype of its own, so a property would also be slower (figures in
// tools/bench/RESULTS.md, "Express route").
// Two copies of this package, such as both builds, share it.
const sharedAs = Symbol.for('linkpass.identities')
const shared: typeof globalThis & { [sharedAs]?: WeakMap<object, Known> } = globalThis
const identities = (shared[sharedAs] ??= new WeakMap())

const none: readonly CookieRecord[] = Object.freeze([])
const noSession: AuthOutcome = Object.freeze({ status: 'signed-out', reason: 'no-session' })

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
  const forged = forgedFailure(site, request, credentials)
  if (forged !== undefined) {
    return remember(site, request, noSession, { session: undefined, failure: forged })
  }
  const outcome = authenticate(site, credentials)
  return outcome instanceof Promise
    ? outcome.then((later) => conclude(site, request, credentials, later))
    : conclude(site, request, credentials, outcome)
}

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
  return client.authenticate({ sessionJwt, refreshJwt, mayRefresh: keepSession !== undefined })
}

function forgedFailure(
  { read, app }: Site,
  request: object,
  credentials: Credentials,
): Failure | undefined {
  const isOfCookie = credentials.source === 'cookie' && hasCredentials(credentials)
  if (isSafeMethod(read.method(request)) || !isOfCookie) return undefined
  return crossSiteFailure(withRequest({ read }, request), app)
}

/** Puts another session of the same user in place of the one that a request came with. */
export function replaceSession(
  site: Site,
  request: object,
  { session, tokens }: { readonly session: Session; readonly tokens: IssuedTokens },
): Identity {
  const outcome = { status: 'signed-in', session, source: 'refreshed', refreshed: tokens } as const
  return conclude(site, request, credentialsOf(site, request), Object.freeze(outcome))
}

/** The identity for an outcome, which is remembered for the request. An outage is reported. */
export function conclude(
  site: Site,
  request: object,
  credentials: Credentials,
  outcome: AuthOutcome,
): Identity {
  if (outcome.status === 'unavailable') reportOutage(outcome.what)
  if (outcome.status !== 'signed-in') {
    const failure = outcomeFailure(outcome, credentials)
    return remember(site, request, outcome, { session: undefined, failure })
  }
  const { session, refreshed } = outcome
  const kept = refreshed && site.keepSession?.(refreshed)
  if (kept?.ok === false) {
    return remember(site, request, outcome, { session: undefined, failure: kept.failure })
  }
  return remember(site, request, outcome, { session, failure: undefined }, kept?.cookies)
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

export function outcomeFailure(
  outcome: Exclude<AuthOutcome, { status: 'signed-in' }>,
  credentials: Credentials,
): Failure {
  if (outcome.status === 'unavailable') {
    return { kind: 'unavailable', retryAfterSeconds: outcome.retryAfterSeconds }
  }
  const { reason } = outcome
  if (credentials.conflicting || reason === 'different-users') {
    return { kind: 'conflicting-cookies' }
  }
  const { source } = credentials
  const clearSession =
    source === 'cookie' && hasCredentials(credentials) && !keepsCookies.includes(reason)
  return { kind: 'signed-out', reason, source, clearSession }
}

function remember(
  site: Site,
  request: object,
  outcome: AuthOutcome,
  who: Who,
  unsent: readonly CookieRecord[] = none,
): Identity {
  const identity: Known = { site, outcome, ...who, unsent }
  identities.set(request, identity)
  return identity
}

/** The cookies of a refreshed session that must go on the response, once: two guards do not set them twice. */
export function takeUnsent(identity: Identity | undefined): readonly CookieRecord[] {
  const unsent = identity?.unsent ?? none
  if (identity !== undefined && unsent.length > 0) identity.unsent = none
  return unsent
}

/** The identity that a guard of this site found; undefined before one has run. */
export function knownIdentity(site: Site, request: object): Identity | undefined {
  const known = identities.get(request)
  return known?.site === site ? known : undefined
}

/** The identity that a guard of any site found last; undefined before one has run. */
export function latestIdentity(request: object): Identity | undefined {
  return identities.get(request)
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
