import { channel } from 'node:diagnostics_channel'
import type { Session } from '@linkpass/core'
import { checkOption } from '@linkpass/core/internal'
import type { Failure } from '../failure.ts'
import type { CookieRecord } from '../response/cookies.ts'
import { failureJson } from '../response/failure-response.ts'
import type { WebResponse } from '../response/response.ts'
import { reportedError } from '../report.ts'
import { checkAccess } from './access.ts'
import { namesHtmlFirst } from '../request/navigation.ts'
import type { RequestReader } from '../request/request-reader.ts'
import {
  type GuardOptions,
  checkCacheControl,
  checkOptionNames,
  checkedRule,
  tenantOf,
} from './guard-options.ts'
import { type Identity, type Site, identify, takeUnsent } from './identify.ts'

/** The message of `linkpass:guard`: a guard has decided on a request. */
export interface GuardEvent {
  readonly outcome: 'passed' | 'rejected'
  /** Where the session came from; `none` for no valid one. */
  readonly session: 'presented' | 'refreshed' | 'none'
  /** Why it was rejected, such as `signed-out`, `unavailable` or `forbidden`. */
  readonly failure?: Failure['kind']
  /** More of that: why there is no session, or what the user lacks. */
  readonly reason?: string
}

const guarded = channel('linkpass:guard')

function publish({ outcome }: Identity, failure: Failure | undefined): void {
  const lack = failure?.kind === 'forbidden' ? failure.missing : undefined
  const reason = failure?.kind === 'signed-out' ? failure.reason : lack
  guarded.publish({
    outcome: failure === undefined ? 'passed' : 'rejected',
    session: outcome.status === 'signed-in' ? outcome.source : 'none',
    ...(failure !== undefined && { failure: failure.kind }),
    ...(reason !== undefined && { reason }),
  } satisfies GuardEvent)
}

/** What becomes of a guarded request. */
export interface GuardDecision {
  /** To be set on the response, also where the app makes it. */
  readonly cookies: readonly CookieRecord[]
  /** Why the request is not let through; undefined where it is. */
  readonly failure: Failure | undefined
  /** The response to a request that is not let through; undefined where the app makes it. */
  readonly response: WebResponse | undefined
  /** The `Cache-Control` of the app's response, unless it has one; undefined for none. */
  readonly cacheControl: string | undefined
}

/** Decides on one request. Returns a promise only when I/O is needed, or the request is rejected. */
export type Guard<R extends object> = (request: R) => GuardDecision | Promise<GuardDecision>

/** What a guard does about a failure; the cookies that it clears are in the decision. */
export type Reject = (
  request: object,
  failure: Failure,
) => Promise<Pick<GuardDecision, 'cookies' | 'response'>>

function letThrough(
  cookies: readonly CookieRecord[],
  cacheControl: string | undefined,
): GuardDecision {
  return { cookies, failure: undefined, response: undefined, cacheControl }
}

function guardBy(
  site: Site,
  decide: (request: object, identity: Identity) => GuardDecision | Promise<GuardDecision>,
): Guard<object> {
  return (request) => {
    const identity = identify(site, request)
    return identity instanceof Promise
      ? identity.then((later) => decide(request, later))
      : decide(request, identity)
  }
}

/** How long ago a session was stepped up, in seconds; undefined where that is not known. */
export type StepUpAge = (request: object, session: Session) => number | undefined

/** Makes a guard that lets a request through when a user is signed in and `options` hold for them. */
export function createGuard(
  site: Site,
  options: GuardOptions<object>,
  adapterOptions: readonly string[],
  reject: Reject,
  stepUpAge?: StepUpAge,
): Guard<object> {
  const rule = checkedRule(options, adapterOptions)
  const { cacheControl: fixed, tenant } = options
  const needsAge = typeof rule?.stepUp === 'object'
  checkOption(
    !needsAge || stepUpAge !== undefined,
    'requireSession(client) does not know how old a step-up is. Use auth.requireSession().',
  )

  function lackOf({ session }: Identity, request: object): Failure | undefined {
    if (rule === undefined || session === undefined) return undefined
    try {
      const age = needsAge ? stepUpAge?.(request, session) : undefined
      return checkAccess(session, rule, tenantOf(tenant, request), age)
    } catch (error) {
      return reportedError(error)
    }
  }

  function decide(request: object, identity: Identity): GuardDecision | Promise<GuardDecision> {
    const failure = identity.failure ?? lackOf(identity, request)
    if (guarded.hasSubscribers) publish(identity, failure)
    const unsent = takeUnsent(identity)
    const cacheControl = cacheControlOf(site, fixed, request)
    if (failure === undefined) return letThrough(unsent, cacheControl)
    // The cookies are not on a response yet, so an error is one more reason.
    return reject(request, failure)
      .catch((error: unknown) => ({ cookies: [], response: failureJson(reportedError(error)) }))
      .then(({ cookies, response }) => ({
        cookies: [...unsent, ...cookies],
        failure,
        response,
        cacheControl,
      }))
  }

  return guardBy(site, decide)
}

/** Makes a guard that lets every request through, once it is known who sent it. */
export function createOptionalGuard(
  site: Site,
  options: Pick<GuardOptions<object>, 'cacheControl'>,
  cookiesToClear: (failure: Failure) => readonly CookieRecord[],
): Guard<object> {
  checkOptionNames('optionalSession', options, ['cacheControl'])
  checkCacheControl(options.cacheControl)

  function decide(request: object, identity: Identity): GuardDecision {
    const { failure, outcome } = identity
    const unsent = takeUnsent(identity)
    const cookies = failure === undefined ? unsent : [...unsent, ...cookiesToClear(failure)]
    // The response to a request without credentials is the same for all visitors.
    const isAnonymous = outcome.status === 'signed-out' && outcome.reason === 'no-session'
    const fixed = isAnonymous ? false : options.cacheControl
    return letThrough(cookies, cacheControlOf(site, fixed, request))
  }

  return guardBy(site, decide)
}

function cacheControlOf(
  { read }: Site,
  fixed: GuardOptions<object>['cacheControl'],
  request: object,
): string | undefined {
  return fixed === undefined ? cacheControlFor(read, request) : fixed || undefined
}

/**
 * The `Cache-Control` of the response to a guarded request (RFC 9111 section 5.2.2): no shared cache may store
 * it. A page is not stored at all, so that Back does not show it after a sign-out; anything else may be kept, and
 * is asked for again. All that `isPageRequest` takes for a page is one here, and so is a frame.
 */
function cacheControlFor(read: RequestReader<object>, request: object): string {
  const mode = read.header(request, 'sec-fetch-mode') ?? ''
  const isPage =
    mode === '' || mode === 'same-origin'
      ? namesHtmlFirst(read.header(request, 'accept'))
      : mode === 'navigate'
  return isPage ? 'private, no-store' : 'private, no-cache'
}
