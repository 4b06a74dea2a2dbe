/**
 * The whole error family on one page. One base, five classes, because there are five kinds of
 * handling; `code` is a closed union to `switch` on. Messages are one sentence and never hold a
 * token, an address or a body; whatever caused the error stays in `cause`.
 *
 * Wrong options at creation are none of these: they are a `TypeError`.
 */

/** The codes of a {@link ServiceError}. */
export type ServiceErrorCode = 'ERR_SERVICE_REFUSED' | 'ERR_RATE_LIMITED'

/** The codes of a {@link RequestError}. */
export type RequestErrorCode =
  | 'ERR_NETWORK'
  | 'ERR_TIMEOUT'
  | 'ERR_ABORTED'
  | 'ERR_CLOSED'
  | 'ERR_RESPONSE_INVALID'
  | 'ERR_ARGUMENT'

/** The codes of a {@link TokenError}. */
export type TokenErrorCode =
  | 'ERR_TOKEN_MISSING'
  | 'ERR_TOKEN_MALFORMED'
  | 'ERR_TOKEN_SIGNATURE'
  | 'ERR_TOKEN_EXPIRED'
  | 'ERR_TOKEN_CLAIM'
  | 'ERR_TOKEN_KIND'
  | 'ERR_TOKEN_REVOKED'
  | 'ERR_TOKEN_ROTATED'

/** The code of a {@link KeySetError}. */
export type KeySetErrorCode = 'ERR_KEY_SET_UNAVAILABLE'

/** The code of a {@link StoreError}. */
export type StoreErrorCode = 'ERR_STORE_UNAVAILABLE'

/** Every code there is. */
export type ErrorCode =
  | ServiceErrorCode
  | RequestErrorCode
  | TokenErrorCode
  | KeySetErrorCode
  | StoreErrorCode

/** Every error this library returns or throws, other than a `TypeError` for wrong options. */
export abstract class LinkpassError extends Error {
  /** What happened; stable across releases, unlike the message. */
  abstract readonly code: ErrorCode
}

/**
 * The service answered, and refused. When no usable answer came at all, see {@link RequestError}.
 *
 * Codes: `ERR_SERVICE_REFUSED` (any refusal), `ERR_RATE_LIMITED` (429, with `retryAfterSeconds`).
 */
export class ServiceError extends LinkpassError {
  override readonly name = 'ServiceError'
  override readonly code: ServiceErrorCode
  /** The HTTP status of the answer. */
  readonly status: number
  /** The service's own code, such as `E062504`; empty when the answer held none. */
  readonly errorCode: string
  /** The service's text for that code; empty when the answer held none. */
  readonly errorDescription: string
  /** The service's detail, at most 500 characters; empty when the answer held none. */
  readonly errorMessage: string
  /** How long the answer asks to wait, in whole seconds; only with status 429 or 503. */
  readonly retryAfterSeconds?: number

  constructor(details: ServiceErrorDetails) {
    super(`The service refused with status ${details.status} (${details.errorCode || 'no code'}).`)
    this.code = details.status === 429 ? 'ERR_RATE_LIMITED' : 'ERR_SERVICE_REFUSED'
    this.status = details.status
    this.errorCode = details.errorCode
    this.errorDescription = details.errorDescription
    this.errorMessage = details.errorMessage
    if (details.retryAfterSeconds !== undefined) this.retryAfterSeconds = details.retryAfterSeconds
  }
}

/** What a {@link ServiceError} is made of. */
export interface ServiceErrorDetails {
  status: number
  errorCode: string
  errorDescription: string
  errorMessage: string
  retryAfterSeconds?: number
}

/**
 * No usable answer, or no request made. `errorCode` and the two texts repeat `code` and the
 * message, so that code which prints the three fields of a refusal prints something true here.
 *
 * Codes: `ERR_NETWORK`, `ERR_TIMEOUT` (the deadline of the call), `ERR_ABORTED` (the caller's
 * signal), `ERR_CLOSED` (after `close()`), `ERR_RESPONSE_INVALID` (an answer that is not what the
 * endpoint returns), `ERR_ARGUMENT` (an argument that cannot be right; nothing was sent).
 */
export class RequestError extends LinkpassError {
  override readonly name = 'RequestError'
  override readonly code: RequestErrorCode
  /** True once bytes of the request were written: a link may have been sent, a token spent. */
  readonly mayHaveBeenProcessed: boolean
  /** The argument that cannot be right; only with `ERR_ARGUMENT`. */
  readonly argument?: string

  constructor(code: RequestErrorCode, message: string, details: RequestErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.mayHaveBeenProcessed = details.mayHaveBeenProcessed ?? false
    if (details.argument !== undefined) this.argument = details.argument
  }

  get errorCode(): string {
    return this.code
  }

  get errorDescription(): string {
    return this.message
  }

  get errorMessage(): string {
    return this.message
  }
}

/** What a {@link RequestError} is made of, beside its code and message. */
export interface RequestErrorDetails {
  mayHaveBeenProcessed?: boolean
  argument?: string
  cause?: unknown
}

/**
 * This token is not acceptable. When that could not be decided, see {@link KeySetError}.
 *
 * Codes: `ERR_TOKEN_MISSING`, `ERR_TOKEN_MALFORMED` (syntax or header), `ERR_TOKEN_SIGNATURE`
 * (also: signed by no key of the project), `ERR_TOKEN_EXPIRED`, `ERR_TOKEN_CLAIM` (names `claim`),
 * `ERR_TOKEN_KIND` (a refresh token for a session token, or the reverse), `ERR_TOKEN_REVOKED`.
 */
export class TokenError extends LinkpassError {
  override readonly name = 'TokenError'
  override readonly code: TokenErrorCode
  /** The claim or header parameter that was not as expected. */
  readonly claim?: string

  constructor(code: TokenErrorCode, message: string, details: TokenErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    if (details.claim !== undefined) this.claim = details.claim
  }
}

/** What a {@link TokenError} is made of, beside its code and message. */
export interface TokenErrorDetails {
  claim?: string
  cause?: unknown
}

/**
 * The token could not be judged, because the project's keys are out of reach. It says nothing
 * about the token: answer 503, keep every cookie, try again.
 */
export class KeySetError extends LinkpassError {
  override readonly name = 'KeySetError'
  override readonly code: KeySetErrorCode = 'ERR_KEY_SET_UNAVAILABLE'
  /** When another attempt makes sense, in whole seconds. */
  readonly retryAfterSeconds: number

  constructor(message: string, retryAfterSeconds: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/**
 * The token could not be judged or refreshed, because the state store is out of reach. Like a
 * {@link KeySetError} it says nothing about the token: answer 503, keep every cookie, try again.
 */
export class StoreError extends LinkpassError {
  override readonly name = 'StoreError'
  override readonly code: StoreErrorCode = 'ERR_STORE_UNAVAILABLE'
  /** When another attempt makes sense, in whole seconds. */
  readonly retryAfterSeconds: number = 1

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
  }
}

/** The union that narrows: `switch (error.code)` is exhaustive over it. */
export type AnyLinkpassError = ServiceError | RequestError | TokenError | KeySetError | StoreError
