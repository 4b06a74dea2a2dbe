import {
  checkObject,
  checkOpaque,
  checkOptions,
  checkRefreshToken,
  wrongArgument,
} from './arguments.ts'
import { RequestError } from '../errors.ts'
import type { Call } from '../http/service.ts'
import type {
  AccessKeyOptions,
  AccessKeySession,
  HistoryEntry,
  MyTenants,
  EmptyResponse,
} from '../model/account-responses.ts'
import type { SessionTokens } from '../model/session-tokens.ts'
import type { User } from '../model/user.ts'
import { notSent, type Result } from '../result.ts'

/** What a signed-in person's refresh token can ask of the service. */
export interface Account {
  /** Buys a new session token, and a new refresh token where the project rotates them. */
  readonly refresh: (refreshToken: string) => Promise<Result<SessionTokens>>
  /**
   * Revokes the refresh token. A session token lives on until it expires; with the client's
   * `revocation` option, the one given as `sessionJwt` is refused from now on, whatever the answer.
   */
  readonly logout: (refreshToken: string, options?: LogoutOptions) => Promise<Result<EmptyResponse>>
  /** Revokes every refresh token of the person, and with `revocation` every session token too. */
  readonly logoutAll: (refreshToken: string) => Promise<Result<EmptyResponse>>
  /** Who the refresh token belongs to. */
  readonly me: (refreshToken: string) => Promise<Result<User>>
  /** The person's tenants: the current one (`true`), or those with the given ids. */
  readonly myTenants: (
    tenants: true | readonly string[],
    refreshToken: string,
  ) => Promise<Result<MyTenants>>
  /** The person's sign-ins. */
  readonly history: (refreshToken: string) => Promise<Result<readonly HistoryEntry[]>>
  /** New tokens whose current tenant (claim `dct`) is this one. */
  readonly selectTenant: (tenantId: string, refreshToken: string) => Promise<Result<SessionTokens>>
  /** Exchanges an access key, which belongs to a machine, for a session token. */
  readonly exchangeAccessKey: (
    accessKey: string,
    loginOptions?: AccessKeyOptions,
  ) => Promise<Result<AccessKeySession>>
}

/** Options of `logout`. */
export interface LogoutOptions {
  /** The session token to refuse from now on; counts only with the client's `revocation` option. */
  sessionJwt?: string
}

/** Where logouts are recorded for all instances. Both reject when that failed. */
export interface LogoutRecords {
  readonly recordLogout: (refreshJwt: string, sessionJwt?: string) => Promise<void>
  readonly recordLogoutAll: (refreshJwt: string) => Promise<void>
}

/**
 * The account calls, over a `call` that is bound to its limits.
 *
 * @param mustRecord whether a logout that could not be recorded is a failure: with revocation it
 * is, since the session token would go on being taken
 */
export function createAccount(call: Call, records: LogoutRecords, mustRecord: boolean): Account {
  async function recorded(
    answer: Promise<Result<EmptyResponse>>,
    record: Promise<void>,
  ): Promise<Result<EmptyResponse>> {
    const [result, failure] = await Promise.all([answer, record.then(() => undefined, notRecorded)])
    return mustRecord && result.ok && failure ? { ok: false, code: 0, error: failure } : result
  }

  return {
    refresh: forPerson((token) => call('refresh', { token })),
    me: forPerson((token) => call('me', { token })),
    history: forPerson((token) => call('history', { token })),
    logout: (token, options) => {
      const wrong = checkRefreshToken(token) ?? checkOptions('options', options, ['sessionJwt'])
      if (wrong) return notSent(wrong)
      return recorded(call('logout', { token }), records.recordLogout(token, options?.sessionJwt))
    },
    logoutAll: forPerson((token) =>
      recorded(call('logoutAll', { token }), records.recordLogoutAll(token)),
    ),
    myTenants: (tenants, token) => {
      const wrong = checkTenants(tenants) ?? checkRefreshToken(token)
      if (wrong) return notSent(wrong)
      return call('myTenants', { token, body: tenants === true ? { dct: true } : { ids: tenants } })
    },
    selectTenant: (tenantId, token) => {
      const wrong = checkOpaque('tenantId', tenantId) ?? checkRefreshToken(token)
      if (wrong) return notSent(wrong)
      return call('selectTenant', { token, body: { tenant: tenantId } })
    },
    exchangeAccessKey: (accessKey, loginOptions) => {
      const wrong = checkOpaque('accessKey', accessKey) ?? checkObject('loginOptions', loginOptions)
      if (wrong) return notSent(wrong)
      return call('exchangeAccessKey', { token: accessKey, body: { loginOptions } })
    },
  }
}

function forPerson<Answer>(
  send: (refreshToken: string) => Promise<Result<Answer>>,
): (refreshToken: string) => Promise<Result<Answer>> {
  return (refreshToken) => {
    const wrong = checkRefreshToken(refreshToken)
    return wrong ? notSent(wrong) : send(refreshToken)
  }
}

function notRecorded(cause: unknown): RequestError {
  const message = 'The service ended the session, and the logout could not be recorded here.'
  return new RequestError('ERR_NETWORK', message, { cause, mayHaveBeenProcessed: true })
}

function checkTenants(tenants: unknown): RequestError | undefined {
  if (tenants === true) return undefined
  if (Array.isArray(tenants) && tenants.every((id) => typeof id === 'string')) return undefined
  return wrongArgument('tenants', 'true, or a list of tenant ids')
}
