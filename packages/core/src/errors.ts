/**
 * Every error of this library: one base class, and one class for each way to handle a failure.
 * `code` is a closed union to `switch` on. A message is one sentence and never contains a token, an
 * address or a body; the underlying error is kept as `cause`.
 *
 * An invalid option at creation is not one of these: it is a `TypeError`.
 */

/**
 * The codes of a {@link ServiceError}.
 *
 * - `ERR_SERVICE_REFUSED`: an error response with any status but 429
 * - `ERR_RATE_LIMITED`: status 429; `retryAfterSeconds` where the response gives it
 */
export type ServiceErrorCode = 'ERR_SERVICE_REFUSED' | 'ERR_RATE_LIMITED'

/**
 * The codes of a {@link RequestError}.
 *
 * - `ERR_NETWORK`: the connection could not be made, or broke, or its code could not be loaded
 * - `ERR_TIMEOUT`: no complete response before the deadline
 * - `ERR_ABORTED`: the caller's `AbortSignal` aborted
 * - `ERR_CLOSED`: the client, or its dispatcher, is closed
 * - `ERR_RESPONSE_INVALID`: the response is not what the endpoint returns
 * - `ERR_ARGUMENT`: an argument is invalid, and nothing was sent; `argument` names it
 * - `ERR_LOGOUT_NOT_RECORDED`: the service ended the session, but the logout could not be recorded
 *   in the store, so session tokens stay valid until they expire; calling `logout` again records it,
 *   although the service then rejects the refresh token
 */
export type RequestErrorCode =
  | 'ERR_NETWORK'
  | 'ERR_TIMEOUT'
  | 'ERR_ABORTED'
  | 'ERR_CLOSED'
  | 'ERR_RESPONSE_INVALID'
  | 'ERR_ARGUMENT'
  | 'ERR_LOGOUT_NOT_RECORDED'

/**
 * The codes of a {@link TokenError}.
 *
 * - `ERR_TOKEN_MISSING`: no token was given
 * - `ERR_TOKEN_MALFORMED`: not a JWT in canonical form, or a header that is not accepted
 * - `ERR_TOKEN_SIGNATURE`: signed by no key of the project
 * - `ERR_TOKEN_EXPIRED`: its `exp` has passed
 * - `ERR_TOKEN_TOO_EARLY`: its `iat` is more than five minutes ahead, or its `nbf` is ahead; compare
 *   the clock of this machine with that of the service
 * - `ERR_TOKEN_CLAIM`: a claim is not as expected; `claim` names it
 * - `ERR_TOKEN_KIND`: a refresh token where a session token was expected, or the reverse
 * - `ERR_TOKEN_BOUND`: it is bound to a key of its holder (`cnf`, RFC 7800), and no proof is accepted
 * - `ERR_TOKEN_REVOKED`: a logout or an administrator ended it
 * - `ERR_TOKEN_ROTATED`: the service rejected a refresh token that was replaced by a newer one
 */
export type TokenErrorCode =
  | 'ERR_TOKEN_MISSING'
  | 'ERR_TOKEN_MALFORMED'
  | 'ERR_TOKEN_SIGNATURE'
  | 'ERR_TOKEN_EXPIRED'
  | 'ERR_TOKEN_TOO_EARLY'
  | 'ERR_TOKEN_CLAIM'
  | 'ERR_TOKEN_KIND'
  | 'ERR_TOKEN_BOUND'
  | 'ERR_TOKEN_REVOKED'
  | 'ERR_TOKEN_ROTATED'

/** Every error code; the last two are those of {@link KeySetError} and {@link StoreError}. */
export type ErrorCode =
  | ServiceErrorCode
  | RequestErrorCode
  | TokenErrorCode
  | 'ERR_KEY_SET_UNAVAILABLE'
  | 'ERR_STORE_UNAVAILABLE'

/** Every error this library returns or throws, except the `TypeError` for an invalid option. */
export abstract class LinkpassError extends Error {
  /** What happened; stable across releases, unlike the message. */
  abstract readonly code: ErrorCode

  constructor(message: string, cause?: unknown) {
    // No cause is no property, so that none is printed.
    super(message, cause === undefined ? undefined : { cause })
  }
}

/**
 * The service sent an error response. When there was no usable response, see {@link RequestError}.
 *
 * Codes: see {@link ServiceErrorCode}.
 */
export class ServiceError extends LinkpassError {
  override readonly name = 'ServiceError'
  override readonly code: ServiceErrorCode
  /** The HTTP status of the response. */
  readonly status: number
  /** The service's own code, such as `E062504`; empty when the response has none. */
  readonly errorCode: string
  /** The service's text for that code; empty when the response has none. */
  readonly errorDescription: string
  /** The service's detail, at most 500 characters; empty when the response has none. */
  readonly errorMessage: string
  /** When to try again, in whole seconds from now, at most 3,600; only with status 429 or 503. */
  readonly retryAfterSeconds?: number
  /**
   * True where a gateway may have sent the response after the service processed the request: with a status
   * from 500, and without a code of the service, unless it is 429.
   */
  readonly mayHaveBeenProcessed: boolean

  constructor(details: ServiceErrorDetails) {
    super(
      `The service responded with status ${details.status} (${details.errorCode || 'no code'}).`,
    )
    this.code = details.status === 429 ? 'ERR_RATE_LIMITED' : 'ERR_SERVICE_REFUSED'
    this.status = details.status
    this.errorCode = details.errorCode
    this.errorDescription = details.errorDescription
    this.errorMessage = details.errorMessage
    const isOfGateway = details.errorCode === '' && details.status !== 429
    this.mayHaveBeenProcessed = details.status >= 500 || isOfGateway
    if (details.retryAfterSeconds !== undefined) this.retryAfterSeconds = details.retryAfterSeconds
  }
}

export type ServiceErrorDetails = Pick<
  ServiceError,
  'status' | 'errorCode' | 'errorDescription' | 'errorMessage' | 'retryAfterSeconds'
>

/**
 * There is no usable response, or no request was made. `errorCode` and the two texts repeat `code`
 * and the message, so that code which prints the three fields of a {@link ServiceError} prints
 * something true here.
 *
 * Codes: see {@link RequestErrorCode}.
 */
export class RequestError extends LinkpassError {
  override readonly name = 'RequestError'
  override readonly code: RequestErrorCode
  /** True once bytes of the request were written: a link may have been sent, a token redeemed. */
  readonly mayHaveBeenProcessed: boolean
  /** The invalid argument; only with `ERR_ARGUMENT`. */
  readonly argument?: string

  constructor(
    code: RequestErrorCode,
    message: string,
    details: { mayHaveBeenProcessed?: boolean; argument?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause)
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

/**
 * The token is not acceptable. When that could not be decided, see {@link KeySetError} and
 * {@link StoreError}.
 *
 * Codes: see {@link TokenErrorCode}.
 */
export class TokenError extends LinkpassError {
  override readonly name = 'TokenError'
  override readonly code: TokenErrorCode
  /** The claim or header parameter that is not as expected. */
  readonly claim?: string

  constructor(
    code: TokenErrorCode,
    message: string,
    details: { claim?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause)
    this.code = code
    if (details.claim !== undefined) this.claim = details.claim
  }
}

/**
 * The token could not be verified, because the project's keys are unavailable. This says nothing
 * about the token: respond with 503, keep every cookie, try again.
 */
export class KeySetError extends LinkpassError {
  override readonly name = 'KeySetError'
  override readonly code = 'ERR_KEY_SET_UNAVAILABLE'
  /** When to try again, in whole seconds from now. */
  readonly retryAfterSeconds: number

  constructor(message: string, retryAfterSeconds: number, cause?: unknown) {
    super(message, cause)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/**
 * The token could not be checked or refreshed, because the state store is unavailable. Like a
 * {@link KeySetError} this says nothing about the token: respond with 503, keep every cookie, try
 * again.
 */
export class StoreError extends LinkpassError {
  override readonly name = 'StoreError'
  override readonly code = 'ERR_STORE_UNAVAILABLE'
  /** When to try again, in whole seconds from now. */
  readonly retryAfterSeconds: number = 1
}

/** The union that narrows: `switch (error.code)` is exhaustive over it. */
export type AnyLinkpassError = ServiceError | RequestError | TokenError | KeySetError | StoreError

/**
 * Lets `instanceof` be true of the errors of another copy of these classes: an app may load two copies of
 * a package, such as both builds.
 */
export function shareErrors(classes: Readonly<Record<string, Function>>): void {
  for (const [name, type] of Object.entries(classes)) {
    const mark = Symbol.for(`linkpass.${name}`)
    Object.defineProperty(type.prototype, mark, { value: true })
    Object.defineProperty(type, Symbol.hasInstance, {
      // A class that an app derives inherits this function, and has no mark.
      value(this: Function, value: unknown): boolean {
        if (this !== type) return Function.prototype[Symbol.hasInstance].call(this, value)
        return typeof value === 'object' && value !== null && mark in value
      },
    })
  }
}

shareErrors({ LinkpassError, ServiceError, RequestError, TokenError, KeySetError, StoreError })
