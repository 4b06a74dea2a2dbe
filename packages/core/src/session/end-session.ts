import { RequestError } from '../errors.ts'
import type { Call } from '../http/service.ts'
import type { CallError } from '../result.ts'
import type { Logout } from './logout.ts'

/** The tokens that a request brought: every value, also where a cookie came twice. */
export interface TokensToEnd {
  readonly sessionJwts: readonly string[]
  readonly refreshJwts: readonly string[]
}

/**
 * Whether the sessions of these tokens end, or every session of their users. `replaced` ends sessions
 * that a new sign-in in the same browser has replaced: a late request with such a refresh token finds
 * it rotated, so that it clears no newer cookies.
 */
export type EndScope = 'this-session' | 'everywhere' | 'replaced'

/** What became of the tokens. */
export interface EndedSession {
  /**
   * Whether each of them is ended: a refresh token by the service or in the store; with `revocation`, all
   * of them in the store. A token that was not valid needs no end.
   */
  readonly ended: boolean
  /** What failed, also where the other of service and store has ended the token. */
  readonly errors: readonly CallError[]
  /** The users of the refresh tokens that were valid, each once. */
  readonly userIds: readonly string[]
}

/** Ends sessions at the service and in the store. Never rejects. */
export type EndSession = (tokens: TokensToEnd, scope: EndScope) => Promise<EndedSession>

/** Dependencies of {@link createEndSession}. */
export interface EndSessionDeps {
  /** Makes calls, with their limits already set. */
  readonly call: Call
  readonly records: Logout
  /** Whether the records are looked up for session tokens, too. */
  readonly revokesSessions: boolean
}

/** Without keys, no token can be told from a made-up one; so few are sent to the service. */
const maxUnverified = 4

/** Creates {@link EndSession}. */
export function createEndSession(deps: EndSessionDeps): EndSession {
  return async ({ sessionJwts, refreshJwts }, scope) => {
    const refreshes = await Promise.all(
      refreshJwts.map((jwt, index) => endRefresh(deps, jwt, scope, index < maxUnverified)),
    )
    const recordsSessions =
      deps.revokesSessions || (scope === 'everywhere' && refreshes.length === 0)
    const sessions = await Promise.all(
      recordsSessions ? sessionJwts.map((jwt) => endSessionToken(deps, jwt, scope)) : [],
    )
    const all = [...refreshes, ...sessions]
    return {
      ended: all.every(({ ended }) => ended),
      errors: all.flatMap(({ errors }) => errors),
      userIds: [...new Set(all.flatMap(({ userIds }) => userIds))],
    }
  }
}

const nothingToEnd: EndedSession = { ended: true, errors: [], userIds: [] }

async function endRefresh(
  { call, records, revokesSessions }: EndSessionDeps,
  jwt: string,
  scope: EndScope,
  sendsUnverified: boolean,
): Promise<EndedSession> {
  const live = await records.findLive(jwt, 'refresh').catch(() => undefined)
  if (live === 'none') return nothingToEnd
  const send = async (): Promise<CallResult> =>
    live !== undefined || sendsUnverified ? call(endpoints[scope], { token: jwt }) : undefined
  const [result, recorded] = await inOrder[scope](send, () => settled(record(records, jwt, scope)))
  return {
    // An error response proves nothing: it may reject a token that was rotated, and its successor lives.
    // And with `revocation` the service cannot end session tokens, which the store may still hand out.
    ended: recorded === undefined || (result?.ok === true && !revokesSessions),
    errors: [result?.error, recorded].filter((error) => error !== undefined),
    userIds: live === undefined ? [] : [live.userId],
  }
}

const endpoints = {
  'this-session': 'logout',
  everywhere: 'logoutAll',
  replaced: 'logout',
} as const

type CallResult = Awaited<ReturnType<Call>> | undefined
type RecordResult = RequestError | undefined
type Order = (
  send: () => Promise<CallResult>,
  recordIt: () => Promise<RecordResult>,
) => Promise<[CallResult, RecordResult]>

const inOrder: Readonly<Record<EndScope, Order>> = {
  'this-session': (send, recordIt) => Promise.all([send(), recordIt()]),
  // The response tells the service's time, in which the record is kept.
  everywhere: async (send, recordIt) => [await send(), await recordIt()],
  // A late refresh that the service rejects then finds the record.
  replaced: async (send, recordIt) => {
    const recorded = await recordIt()
    return [await send(), recorded]
  },
}

async function record(records: Logout, jwt: string, scope: EndScope): Promise<void> {
  if (scope === 'everywhere') return records.recordLogoutAll(jwt)
  return scope === 'replaced' ? records.recordReplaced(jwt) : records.recordLogout(jwt)
}

async function endSessionToken(
  { records }: EndSessionDeps,
  jwt: string,
  scope: EndScope,
): Promise<EndedSession> {
  const record =
    scope === 'everywhere'
      ? records.recordLogoutAll(jwt, 'session')
      : records.recordLogout(undefined, jwt)
  const error = await settled(record)
  return error === undefined ? nothingToEnd : { ended: false, errors: [error], userIds: [] }
}

async function settled(record: Promise<void>): Promise<RequestError | undefined> {
  try {
    await record
    return undefined
  } catch (cause) {
    const message = 'The logout could not be recorded in the store.'
    return new RequestError('ERR_LOGOUT_NOT_RECORDED', message, { cause })
  }
}
