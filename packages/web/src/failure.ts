import type { SignedOutReason } from '@linkpass/core'

/** Every way a request can fail for a reason of sign-in, with what its response needs. */
export type Failure =
  /** No valid session. `clearSession` when cookies were sent that no retry can make valid. */
  | {
      readonly kind: 'signed-out'
      readonly reason: SignedOutReason
      readonly source: 'cookie' | 'bearer'
      readonly clearSession: boolean
    }
  /** One cookie name came with two values, and nothing tells which is ours. */
  | { readonly kind: 'conflicting-cookies' }
  /** Keys, refresh, store or service are unavailable. */
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds: number }
  /** Signed in, but not allowed. */
  | { readonly kind: 'forbidden'; readonly missing: 'role' | 'permission' | 'tenant' }
  /** Signed in, but the route needs a step-up (RFC 9470). */
  | { readonly kind: 'step-up-needed' }
  /** `origin` in development, of a front end on this machine: the one to trust. */
  | { readonly kind: 'cross-site'; readonly origin?: string }
  /** The app has not switched the route on. */
  | { readonly kind: 'not-enabled'; readonly option: string }
  /** The link has expired, or was used. */
  | { readonly kind: 'link-used-or-expired' }
  /** The request holds no link of ours. */
  | { readonly kind: 'link-unknown' }
  /** The holder of the mail refused an attempt, or typed wrong codes. It can no longer complete. */
  | {
      readonly kind: 'attempt-refused'
      /** `code` when two wrong codes were typed. @default the user refused it */
      readonly reason?: 'code'
    }
  /** The code that was typed is not the one on the screen that waits. It may be corrected once. */
  | { readonly kind: 'wrong-code' }
  /** The session that requested a step-up or a change has ended. */
  | { readonly kind: 'attempt-ended' }
  /** The app's `beforeSend` refused. */
  | { readonly kind: 'send-refused' }
  | { readonly kind: 'too-many'; readonly retryAfterSeconds: number }
  /** The request's body, or one field of it, is not what the route expects. */
  | { readonly kind: 'bad-request'; readonly field?: string }
  | { readonly kind: 'body-too-large' }
  | { readonly kind: 'unsupported-body' }
  | { readonly kind: 'method-not-allowed'; readonly allow: string }
  /** The app's own `onSignIn` threw. */
  | { readonly kind: 'sign-in-refused' }
  /** The service's response to a verification holds no session of this project. */
  | { readonly kind: 'bad-response' }
  /** A token of this project does not fit into a cookie. */
  | { readonly kind: 'cookie-too-large'; readonly cookie: string; readonly bytes: number }
  /** A function of the app threw, such as `tenant`, or code of ours. */
  | { readonly kind: 'app-error'; readonly cause: unknown }

/** What was decided; or the failure, if it was none. */
export type Decision<Decided extends object = object> =
  | ({ readonly ok: true } & Decided)
  | { readonly ok: false; readonly failure: Failure }

/** A failure as HTTP has it. A response body holds `code` and no other reason. */
export interface FailureResponse {
  readonly status: number
  readonly code: FailureCode
  readonly headers: Readonly<Record<string, string>>
  /** Which session cookies to clear. They are kept unless the session has certainly ended. */
  readonly clear: 'nothing' | 'session' | 'session-and-strays'
}

/** The code in a response. */
export type FailureCode = (typeof responses)[Failure['kind']][1]

// Status, code, and the error page; undefined for being signed out, which is no error.
const responses = {
  'signed-out': [401, 'unauthorized', undefined],
  'conflicting-cookies': [401, 'unauthorized', undefined],
  unavailable: [503, 'unavailable', 'unavailable'],
  forbidden: [403, 'forbidden', 'not-allowed'],
  'step-up-needed': [401, 'step_up_required', 'not-allowed'],
  'cross-site': [403, 'cross_site_request', 'cross-site'],
  'not-enabled': [404, 'not_enabled', 'not-enabled'],
  'link-used-or-expired': [410, 'link_used_or_expired', 'link-used-or-expired'],
  'link-unknown': [400, 'link_unknown', 'link-unknown'],
  'attempt-refused': [410, 'attempt_refused', 'attempt-refused'],
  'wrong-code': [400, 'wrong_code', 'bad-request'],
  'attempt-ended': [410, 'attempt_ended', 'attempt-ended'],
  'send-refused': [403, 'send_refused', 'send-refused'],
  'too-many': [429, 'too_many_requests', 'too-many'],
  'bad-request': [400, 'bad_request', 'bad-request'],
  'body-too-large': [413, 'body_too_large', 'bad-request'],
  'unsupported-body': [415, 'unsupported_body', 'bad-request'],
  'method-not-allowed': [405, 'method_not_allowed', 'bad-request'],
  'sign-in-refused': [403, 'sign_in_refused', 'sign-in-failed'],
  'bad-response': [502, 'bad_response', 'sign-in-failed'],
  'cookie-too-large': [500, 'cookie_too_large', 'sign-in-failed'],
  'app-error': [500, 'app_error', 'unavailable'],
} as const satisfies Readonly<
  Record<Failure['kind'], readonly [status: number, code: string, page: string | undefined]>
>

/**
 * A failure as HTTP has it, for every adapter.
 *
 * All the ways to be signed out get the same response, so that forged tokens learn nothing. What
 * cannot be decided is 503 and never 401. A cookie is cleared only when no retry can make it valid.
 */
export function responseTo(failure: Failure): FailureResponse {
  const [status, code] = responses[failure.kind]
  return { status, code, headers: headersOf(failure), clear: clearedBy(failure) }
}

/** Which error page a failure gets; undefined for being signed out. */
export function errorPageOf(
  failure: Failure,
): (typeof responses)[Failure['kind']][2] | 'code-refused' {
  const isCode = failure.kind === 'attempt-refused' && failure.reason === 'code'
  return isCode ? 'code-refused' : responses[failure.kind][2]
}

function headersOf(failure: Failure): Readonly<Record<string, string>> {
  // RFC 6750 section 3: no error code for a request without a Bearer token.
  if (failure.kind === 'signed-out') {
    return challenge(failure.source === 'bearer' ? 'invalid_token' : undefined)
  }
  if (failure.kind === 'conflicting-cookies') return challenge()
  if (failure.kind === 'step-up-needed') return challenge('insufficient_user_authentication')
  if (failure.kind === 'method-not-allowed') return { Allow: failure.allow }
  if (!isTemporary(failure)) return {}
  return { 'Retry-After': String(Math.max(1, Math.ceil(failure.retryAfterSeconds))) }
}

function challenge(error?: string): Readonly<Record<string, string>> {
  return { 'WWW-Authenticate': error === undefined ? 'Bearer' : `Bearer error="${error}"` }
}

function clearedBy(failure: Failure): FailureResponse['clear'] {
  if (failure.kind === 'conflicting-cookies') return 'session-and-strays'
  return failure.kind === 'signed-out' && failure.clearSession ? 'session' : 'nothing'
}

/** Whether the request has no signed-in user, so that a sign-in helps. */
export function isSignedOut(failure: Failure): boolean {
  return failure.kind === 'signed-out' || failure.kind === 'conflicting-cookies'
}

/** Whether the same request may succeed a little later. */
export function isTemporary(
  failure: Failure,
): failure is Extract<Failure, { retryAfterSeconds: number }> {
  return failure.kind === 'unavailable' || failure.kind === 'too-many'
}
