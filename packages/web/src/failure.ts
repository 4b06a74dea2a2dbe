import type { SignedOutReason } from '@linkpass/core'

/** Every way a request can fail for a reason of sign-in, with what its answer needs. */
export type Failure =
  /** No acceptable session. `clearSession` when cookies were presented and no retry can revive them. */
  | {
      readonly kind: 'signed-out'
      readonly reason: SignedOutReason
      readonly source: 'cookie' | 'bearer'
      readonly clearSession: boolean
    }
  /** One name came with two values: nobody can tell which is ours. */
  | { readonly kind: 'conflicting-cookies' }
  /** Keys, refresh, store or service out of reach. */
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds: number }
  /** Signed in, but not allowed. */
  | { readonly kind: 'forbidden'; readonly missing: 'role' | 'permission' | 'tenant' }
  /** Signed in, but not recently enough proven for this (RFC 9470). */
  | { readonly kind: 'step-up-needed' }
  | { readonly kind: 'cross-site' }
  /** The link expired, or was used. */
  | { readonly kind: 'link-used-or-expired' }
  /** What came is not a link of ours. */
  | { readonly kind: 'link-unknown' }
  /** Somebody said of an enchanted attempt that it was not theirs: nothing comes of it any more. */
  | { readonly kind: 'attempt-refused' }
  | { readonly kind: 'too-many'; readonly retryAfterSeconds: number }
  /** The request's body, or one field of it, is not what the route expects. */
  | { readonly kind: 'bad-request'; readonly field?: string }
  | { readonly kind: 'body-too-large' }
  | { readonly kind: 'unsupported-body' }
  | { readonly kind: 'method-not-allowed'; readonly allow: string }
  /** The app's own `onSignIn` said no, or failed. */
  | { readonly kind: 'sign-in-refused' }
  /** The service answered a verification with something that is no session of this project. */
  | { readonly kind: 'bad-response' }
  /** A token of this project does not fit into a cookie. */
  | { readonly kind: 'cookie-too-large'; readonly cookie: string; readonly bytes: number }

/** A failure as HTTP has it. The body of an answer holds `code` and nothing richer. */
export interface FailureResponse {
  readonly status: number
  readonly code: FailureCode
  readonly headers: Readonly<Record<string, string>>
  /** Which session cookies to clear with it; everything but a dead session keeps them. */
  readonly clear: 'nothing' | 'session' | 'session-and-strays'
}

export type FailureCode =
  | 'unauthorized'
  | 'unavailable'
  | 'forbidden'
  | 'step_up_required'
  | 'cross_site_request'
  | 'link_used_or_expired'
  | 'link_unknown'
  | 'attempt_refused'
  | 'too_many_requests'
  | 'bad_request'
  | 'body_too_large'
  | 'unsupported_body'
  | 'method_not_allowed'
  | 'sign_in_refused'
  | 'bad_response'
  | 'cookie_too_large'

/**
 * The one table from failure to HTTP, for every adapter. Pure.
 *
 * All the ways to be signed out answer alike, so that a forger learns nothing; what cannot be
 * decided is 503 and never 401; a cookie is cleared only when nothing can revive it.
 */
export function responseTo(failure: Failure): FailureResponse {
  switch (failure.kind) {
    case 'signed-out':
      return {
        ...answer(401, 'unauthorized', { 'WWW-Authenticate': challenge(failure.source) }),
        clear: failure.clearSession ? 'session' : 'nothing',
      }
    case 'conflicting-cookies':
      return {
        ...answer(401, 'unauthorized', { 'WWW-Authenticate': challenge('cookie') }),
        clear: 'session-and-strays',
      }
    case 'unavailable':
      return answer(503, 'unavailable', retryAfter(failure.retryAfterSeconds))
    case 'forbidden':
      return answer(403, 'forbidden')
    case 'step-up-needed':
      return answer(401, 'step_up_required', {
        'WWW-Authenticate': 'Bearer error="insufficient_user_authentication"',
      })
    case 'cross-site':
      return answer(403, 'cross_site_request')
    case 'link-used-or-expired':
      return answer(410, 'link_used_or_expired')
    case 'link-unknown':
      return answer(400, 'link_unknown')
    case 'attempt-refused':
      return answer(410, 'attempt_refused')
    case 'too-many':
      return answer(429, 'too_many_requests', retryAfter(failure.retryAfterSeconds))
    case 'bad-request':
      return answer(400, 'bad_request')
    case 'body-too-large':
      return answer(413, 'body_too_large')
    case 'unsupported-body':
      return answer(415, 'unsupported_body')
    case 'method-not-allowed':
      return answer(405, 'method_not_allowed', { Allow: failure.allow })
    case 'sign-in-refused':
      return answer(403, 'sign_in_refused')
    case 'bad-response':
      return answer(502, 'bad_response')
    case 'cookie-too-large':
      return answer(500, 'cookie_too_large')
  }
}

/** Whether nobody is signed in, as far as the request can tell: a sign-in is the cure. Pure. */
export function isSignedOut(failure: Failure): boolean {
  return failure.kind === 'signed-out' || failure.kind === 'conflicting-cookies'
}

/** Whether the same request may succeed a little later. Pure. */
export function isTemporary(failure: Failure): boolean {
  return failure.kind === 'unavailable' || failure.kind === 'too-many'
}

function answer(
  status: number,
  code: FailureCode,
  headers: Readonly<Record<string, string>> = {},
): FailureResponse {
  return { status, code, headers, clear: 'nothing' }
}

/** RFC 6750 section 3: no error code for a request that presented no Bearer token. */
function challenge(source: 'cookie' | 'bearer'): string {
  return source === 'bearer' ? 'Bearer error="invalid_token"' : 'Bearer'
}

function retryAfter(seconds: number): Record<string, string> {
  return { 'Retry-After': String(Math.max(1, Math.ceil(seconds))) }
}
