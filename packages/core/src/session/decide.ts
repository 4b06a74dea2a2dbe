/** The decisions about sessions: what a request's tokens do, what an error means, and how tokens end. */
import { KeySetError, ServiceError, StoreError, TokenError } from '../errors.ts'
import type { AuthOutcome, SignedOutReason, Unavailable } from '../model/outcome.ts'

/** A request's session token. One that is not acceptable for another reason is never refreshed. */
export type SessionFact = 'none' | 'live' | 'expired' | 'other-project'

/** A request's refresh token, unverified: whether it names another user than the session token. */
export type RefreshFact = 'none' | 'fits' | 'another-user'

/** The reason is one of no user being signed in. */
export type TokensAction = 'use' | 'refresh' | SignedOutReason

/**
 * Decides what the tokens of a request do. A forged session token must not lead to a new session, so
 * one with an error of any other kind than `other-project` does what {@link outcomeOf} says.
 *
 * | session token | refresh token | does            |
 * | ------------- | ------------- | --------------- |
 * | live, expired | another-user  | different-users |
 * | live          | none, fits    | use             |
 * | expired       | fits          | refresh         |
 * | expired       | none          | expired         |
 * | none          | any           | refresh         |
 * | none          | none          | no-session      |
 * | other-project | any           | refresh         |
 * | other-project | none          | other-project   |
 */
export function decideTokens(
  session: 'none' | 'other-project',
  refresh: RefreshFact,
): Exclude<TokensAction, 'use'>
export function decideTokens(session: SessionFact, refresh: RefreshFact): TokensAction
export function decideTokens(session: SessionFact, refresh: RefreshFact): TokensAction {
  const isVerified = session === 'live' || session === 'expired'
  if (isVerified && refresh === 'another-user') return 'different-users'
  if (session === 'live') return 'use'
  if (refresh !== 'none') return 'refresh'
  return session === 'none' ? 'no-session' : session
}

/**
 * The outcome of a request whose verification or refresh failed. Only an error about the token itself
 * signs a user out.
 *
 * | error                                   | outcome                       |
 * | --------------------------------------- | ----------------------------- |
 * | `TokenError` with the claim `iss`       | signed out: `other-project`   |
 * | `TokenError`                            | signed out, by its code       |
 * | `ServiceError` that rejects the token   | signed out: `refresh-refused` |
 * | `KeySetError`, `StoreError`             | unavailable: `keys`, `store`  |
 * | another `ServiceError`, any other error | unavailable: `refresh`        |
 */
export function outcomeOf(error: unknown): AuthOutcome {
  if (isOfAnotherProject(error)) return signedOut('other-project')
  if (error instanceof TokenError) return signedOut(reasons[error.code] ?? 'invalid')
  if (isFinalRefusal(error)) return signedOut('refresh-refused')
  if (error instanceof KeySetError) return unavailable('keys', error.retryAfterSeconds)
  if (error instanceof StoreError) return unavailable('store', error.retryAfterSeconds)
  if (error instanceof ServiceError) return unavailable('refresh', error.retryAfterSeconds)
  // No usable response. An unexpected error must sign no user in or out either.
  return unavailable('refresh')
}

// Any other code means that the token is not valid.
const reasons: Readonly<Partial<Record<TokenError['code'], SignedOutReason>>> = {
  ERR_TOKEN_EXPIRED: 'expired',
  ERR_TOKEN_TOO_EARLY: 'not-yet-valid',
  ERR_TOKEN_REVOKED: 'revoked',
  ERR_TOKEN_ROTATED: 'refresh-rotated',
}

export function isOfAnotherProject(error: unknown): boolean {
  return error instanceof TokenError && error.claim === 'iss'
}

export function signedOut(reason: SignedOutReason): AuthOutcome {
  return Object.freeze({ status: 'signed-out', reason })
}

function unavailable(what: Unavailable['what'], retryAfterSeconds = 1): AuthOutcome {
  return Object.freeze({ status: 'unavailable', what, retryAfterSeconds })
}

/**
 * Whether the sessions of tokens end, or every session of their users. `replaced` ends sessions
 * that a new sign-in in the same browser has replaced: a late request with such a refresh token finds
 * it rotated, so that it clears no newer cookies.
 */
export type EndScope = 'this-session' | 'everywhere' | 'replaced'

/**
 * How a refresh token is ended: by which call to the service, and whether that or the record in the store
 * comes first.
 *
 * | scope        | call        | first   | because                                                        |
 * | ------------ | ----------- | ------- | -------------------------------------------------------------- |
 * | this-session | `logout`    | neither | neither needs the other                                        |
 * | everywhere   | `logoutAll` | call    | its response tells the service's time, in which the record is  |
 * | replaced     | `logout`    | record  | a late refresh that the service rejects then finds the record  |
 */
export const endPlans = {
  'this-session': { call: 'logout', first: 'neither' },
  everywhere: { call: 'logoutAll', first: 'call' },
  replaced: { call: 'logout', first: 'record' },
} as const satisfies Record<EndScope, unknown>

/**
 * Whether a refresh token is ended, and what was to end with it: by whether the record is in the store, and
 * whether the service responded that it has ended the token.
 *
 * | recorded | the service      | `revocation` | ended |
 * | -------- | ---------------- | ------------ | ----- |
 * | yes      | any              | any          | yes   |
 * | no       | confirmed        | off          | yes   |
 * | no       | confirmed        | on           | no    |
 * | no       | any other        | any          | no    |
 *
 * An error response confirms nothing: it may reject a token that was rotated, and whose successor lives.
 * With `revocation`, only the record ends session tokens, which the store may still hand out.
 */
export function isEnded(facts: {
  readonly isRecorded: boolean
  readonly isConfirmed: boolean
  readonly revokesSessions: boolean
}): boolean {
  return facts.isRecorded || (facts.isConfirmed && !facts.revokesSessions)
}

/**
 * Whether a session token is recorded as ended: where a check looks for the record, and where a logout
 * everywhere came with no refresh token of its user.
 */
export function recordsSessionToken(
  scope: EndScope,
  facts: { readonly revokesSessions: boolean; readonly isUserEnded: boolean },
): boolean {
  return facts.revokesSessions || (scope === 'everywhere' && !facts.isUserEnded)
}

/**
 * Codes of error responses that are about the request or the deployment, not about the token (from
 * the docs): the request is malformed or not authorized (a wrong or rotated management key, the
 * wrong project), or its access key is missing or invalid.
 */
const deploymentCodes: ReadonlySet<string> = new Set([
  ...['E011001', 'E011002', 'E011003', 'E011004'],
  ...['E061004', 'E062802', 'E062803'],
])

/**
 * Whether an error response rejects the token itself, which can then never be used again: status 400
 * or 401, with a code that is not one of the above.
 *
 * This is our choice, since no document says how the service responds to a wrong key. A mistake in
 * the deployment must not end any session, so those codes do not count. A code that is not known
 * here does count: otherwise a user whose session is over would be told to try again for weeks.
 */
export function isTokenRefusal({
  status,
  errorCode,
}: Pick<ServiceError, 'status' | 'errorCode'>): boolean {
  return (status === 400 || status === 401) && errorCode !== '' && !deploymentCodes.has(errorCode)
}

/**
 * Whether a failed refresh ends the session: the service rejected this token. Anything else (an
 * outage, a proxy's page, a rate limit, a lost response, a key of ours that is not accepted) says
 * nothing about the session, which goes on.
 */
export function isFinalRefusal(error: unknown): error is ServiceError {
  return error instanceof ServiceError && isTokenRefusal(error)
}
