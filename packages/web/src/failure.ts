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
  | { readonly kind: 'cross-site' }
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

/** A failure as HTTP has it. A response body holds `code` and no other reason. */
export interface FailureResponse {
  readonly status: number
  readonly code: FailureCode
  readonly headers: Readonly<Record<string, string>>
  /** Which session cookies to clear. They are kept unless the session has certainly ended. */
  readonly clear: 'nothing' | 'session' | 'session-and-strays'
}

export type FailureCode =
  | 'unauthorized'
  | 'unavailable'
  | 'forbidden'
  | 'step_up_required'
  | 'cross_site_request'
  | 'not_enabled'
  | 'link_used_or_expired'
  | 'link_unknown'
  | 'attempt_refused'
  | 'attempt_ended'
  | 'send_refused'
  | 'wrong_code'
  | 'too_many_requests'
  | 'bad_request'
  | 'body_too_large'
  | 'unsupported_body'
  | 'method_not_allowed'
  | 'sign_in_refused'
  | 'bad_response'
  | 'cookie_too_large'

/**
 * The one table from failure to HTTP, for every adapter.
 *
 * All the ways to be signed out get the same response, so that forged tokens learn nothing. What
 * cannot be decided is 503 and never 401. A cookie is cleared only when no retry can make it valid.
 */
export function responseTo(failure: Failure): FailureResponse {
  switch (failure.kind) {
    case 'signed-out':
      return {
        ...response(401, 'unauthorized', { 'WWW-Authenticate': challenge(failure.source) }),
        clear: failure.clearSession ? 'session' : 'nothing',
      }
    case 'conflicting-cookies':
      return {
        ...response(401, 'unauthorized', { 'WWW-Authenticate': challenge('cookie') }),
        clear: 'session-and-strays',
      }
    case 'unavailable':
      return response(503, 'unavailable', retryAfter(failure.retryAfterSeconds))
    case 'forbidden':
      return response(403, 'forbidden')
    case 'step-up-needed':
      return response(401, 'step_up_required', {
        'WWW-Authenticate': 'Bearer error="insufficient_user_authentication"',
      })
    case 'cross-site':
      return response(403, 'cross_site_request')
    case 'not-enabled':
      return response(404, 'not_enabled')
    case 'link-used-or-expired':
      return response(410, 'link_used_or_expired')
    case 'link-unknown':
      return response(400, 'link_unknown')
    case 'attempt-refused':
      return response(410, 'attempt_refused')
    case 'attempt-ended':
      return response(410, 'attempt_ended')
    case 'send-refused':
      return response(403, 'send_refused')
    case 'wrong-code':
      return response(400, 'wrong_code')
    case 'too-many':
      return response(429, 'too_many_requests', retryAfter(failure.retryAfterSeconds))
    case 'bad-request':
      return response(400, 'bad_request')
    case 'body-too-large':
      return response(413, 'body_too_large')
    case 'unsupported-body':
      return response(415, 'unsupported_body')
    case 'method-not-allowed':
      return response(405, 'method_not_allowed', { Allow: failure.allow })
    case 'sign-in-refused':
      return response(403, 'sign_in_refused')
    case 'bad-response':
      return response(502, 'bad_response')
    case 'cookie-too-large':
      return response(500, 'cookie_too_large')
  }
}

/** Whether the request has no signed-in user, so that a sign-in helps. */
export function isSignedOut(failure: Failure): boolean {
  return failure.kind === 'signed-out' || failure.kind === 'conflicting-cookies'
}

/** Whether the same request may succeed a little later. */
export function isTemporary(failure: Failure): boolean {
  return failure.kind === 'unavailable' || failure.kind === 'too-many'
}

function response(
  status: number,
  code: FailureCode,
  headers: Readonly<Record<string, string>> = {},
): FailureResponse {
  return { status, code, headers, clear: 'nothing' }
}

/** RFC 6750 section 3: no error code for a request without a Bearer token. */
function challenge(source: 'cookie' | 'bearer'): string {
  return source === 'bearer' ? 'Bearer error="invalid_token"' : 'Bearer'
}

function retryAfter(seconds: number): Record<string, string> {
  return { 'Retry-After': String(Math.max(1, Math.ceil(seconds))) }
}
