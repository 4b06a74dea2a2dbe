import { check, checkAccessKeyOptions, checkOptional, checkOptions } from './arguments.ts'
import { type AnyLinkpassError, LinkpassError, RequestError } from '../errors.ts'
import type { Call } from '../http/service.ts'
import type {
  AccessKeyOptions,
  AccessKeySession,
  EmptyResponse,
  HistoryEntry,
  MyTenants,
  SessionTokens,
  User,
} from '../model/api.ts'
import type { ValidationOptions } from '../model/claims.ts'
import { type Limits, startLimits } from '../on-abort.ts'
import { failed, notSent, type Result } from '../result.ts'

/** The calls that a signed-in user's refresh token allows. */
export interface Account {
  /** Requests a new session token, and a new refresh token if the project rotates them. */
  readonly refresh: (refreshToken: string) => Promise<Result<SessionTokens>>
  /**
   * Revokes the refresh token. A session token stays valid until it expires; with the client's
   * `revocation` option, the one given as `sessionJwt` is rejected from now on, whatever the response.
   * With that option, the call fails with `ERR_LOGOUT_NOT_RECORDED` if the service ended the session
   * but the store could not record it: call it again with the same tokens.
   */
  readonly logout: (refreshToken: string, options?: LogoutOptions) => Promise<Result<EmptyResponse>>
  /**
   * Revokes every refresh token of the user, and with `revocation` every session token too; fails like
   * `logout`.
   */
  readonly logoutAll: (refreshToken: string) => Promise<Result<EmptyResponse>>
  /** The user of the refresh token. */
  readonly me: (refreshToken: string) => Promise<Result<User>>
  /** The user's tenants: the current one (`true`), or those with the given ids. */
  readonly myTenants: (
    tenants: true | readonly string[],
    refreshToken: string,
  ) => Promise<Result<MyTenants>>
  /** The user's sign-ins. */
  readonly history: (refreshToken: string) => Promise<Result<readonly HistoryEntry[]>>
  /** New tokens whose current tenant (claim `dct`) is this one. */
  readonly selectTenant: (tenantId: string, refreshToken: string) => Promise<Result<SessionTokens>>
  /**
   * Exchanges an access key, which belongs to a machine, for a session token. The token is verified as
   * by `validateSession`, with the same option `audience`, and fails with the same errors, as a result
   * of code 0: a `TokenError`, a `KeySetError` or a `StoreError`.
   */
  readonly exchangeAccessKey: (
    accessKey: string,
    loginOptions?: AccessKeyOptions,
    options?: ValidationOptions,
  ) => Promise<Result<AccessKeySession, AnyLinkpassError>>
}

/** Options of `logout`. */
export interface LogoutOptions {
  /** The session token to reject from now on; used only with the client's `revocation` option. */
  sessionJwt?: string
}

export interface AccountDeps {
  readonly call: Call
  /** The same limits, for what a call does beside its request. */
  readonly limits: Limits
  /** Records for all instances that a token ended; rejects when that failed. */
  readonly record: (
    jwt: string,
    kind: 'session' | 'refresh',
    scope: 'this-session' | 'everywhere',
  ) => Promise<void>
  /**
   * Whether a logout that could not be recorded is a failure: with revocation it is, since the session
   * token would still be accepted.
   */
  readonly mustRecord: boolean
  readonly validateSession: (
    jwt: string,
    options: ValidationOptions | undefined,
  ) => Promise<unknown>
}

export function createAccount(deps: AccountDeps): Account {
  const { call, record, mustRecord, limits } = deps
  return {
    refresh: withRefreshToken((token) => call('refresh', { token })),
    me: withRefreshToken((token) => call('me', { token })),
    history: withRefreshToken((token) => call('history', { token })),
    logout: (token, options) => {
      const invalid = check('refreshToken', token) ?? checkOptions(options, ['sessionJwt'])
      if (invalid) return notSent(invalid)
      const { sessionJwt } = options ?? {}
      const recorded = Promise.all([
        record(token, 'refresh', 'this-session'),
        sessionJwt && record(sessionJwt, 'session', 'this-session'),
      ])
      return logoutResult(call('logout', { token }), startLimits(limits)(recorded), mustRecord)
    },
    logoutAll: withRefreshToken(async (token) => {
      const within = startLimits(limits)
      // First the call: its response tells the service's time, in which the record is kept.
      const response = await call('logoutAll', { token })
      return logoutResult(response, within(record(token, 'refresh', 'everywhere')), mustRecord)
    }),
    myTenants: (tenants, token) => {
      const invalid = check('tenants', tenants) ?? check('refreshToken', token)
      if (invalid) return notSent(invalid)
      return call('myTenants', { token, body: tenants === true ? { dct: true } : { ids: tenants } })
    },
    selectTenant: (tenantId, token) => {
      const invalid = check('tenantId', tenantId) ?? check('refreshToken', token)
      if (invalid) return notSent(invalid)
      return call('selectTenant', { token, body: { tenant: tenantId } })
    },
    exchangeAccessKey: (accessKey, loginOptions, options) => {
      const invalid =
        check('accessKey', accessKey) ??
        checkAccessKeyOptions('loginOptions', loginOptions) ??
        checkOptions(options, ['audience']) ??
        checkOptional('audience', options?.audience)
      if (invalid) return notSent(invalid)
      return exchange(deps, accessKey, loginOptions, options)
    },
  }
}

function withRefreshToken<Data>(
  send: (refreshToken: string) => Promise<Result<Data>>,
): (refreshToken: string) => Promise<Result<Data>> {
  return (refreshToken) => {
    const invalid = check('refreshToken', refreshToken)
    return invalid ? notSent(invalid) : send(refreshToken)
  }
}

async function exchange(
  { call, limits, validateSession }: AccountDeps,
  accessKey: string,
  loginOptions: AccessKeyOptions | undefined,
  options: ValidationOptions | undefined,
): Promise<Result<AccessKeySession, AnyLinkpassError>> {
  const within = startLimits(limits)
  const result = await call('exchangeAccessKey', { token: accessKey, body: { loginOptions } })
  if (!result.ok) return result
  try {
    await within(validateSession(result.data.sessionJwt, options))
    return result
  } catch (cause) {
    return failed(isOwn(cause) ? cause : unverified(cause, limits))
  }
}

function isOwn(error: unknown): error is AnyLinkpassError {
  return error instanceof LinkpassError
}

function unverified(cause: unknown, { signal }: Limits): RequestError {
  const code = signal?.aborted && cause === signal.reason ? 'ERR_ABORTED' : 'ERR_TIMEOUT'
  const message = 'The call ended while its session token was verified.'
  return new RequestError(code, message, { cause, mayHaveBeenProcessed: true })
}

async function logoutResult(
  response: Result<EmptyResponse> | Promise<Result<EmptyResponse>>,
  recorded: Promise<unknown>,
  mustRecord: boolean,
): Promise<Result<EmptyResponse>> {
  const [result, error] = await Promise.all([response, recorded.then(() => undefined, notRecorded)])
  return mustRecord && result.ok && error ? failed(error) : result
}

function notRecorded(cause: unknown): RequestError {
  const message =
    'The service ended the session, but the logout could not be recorded in the store.'
  return new RequestError('ERR_LOGOUT_NOT_RECORDED', message, { cause, mayHaveBeenProcessed: true })
}
