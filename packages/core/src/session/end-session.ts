import type { Clock } from '../clock.ts'
import { RequestError } from '../errors.ts'
import type { Call } from '../http/service.ts'
import type { CallError } from '../result.ts'
import { type EndScope, endPlans, isEnded, recordsSessionToken } from './decide.ts'
import type { Logout } from './logout.ts'

/** The tokens that a request brought: every value, also where a cookie came twice. */
export interface TokensToEnd {
  readonly sessionJwts: readonly string[]
  readonly refreshJwts: readonly string[]
}

/** What became of the tokens. */
export interface EndedSession {
  /**
   * Whether each of them is ended: a refresh token by the service or in the store; with `revocation`, all
   * of them in the store. A token that was not valid needs no end.
   */
  readonly ended: boolean
  /** What failed, also where the other of service and store has ended the token. */
  readonly errors: readonly CallError[]
  /** Whether a refresh token was valid here or for the service. Else there was no session to end. */
  readonly hadSession: boolean
  /** The user of the valid refresh tokens; undefined where there was none, or they are of several. */
  readonly userId?: string | undefined
}

/** Ends sessions at the service and in the store. Never rejects. */
export type EndSession = (tokens: TokensToEnd, scope: EndScope) => Promise<EndedSession>

export interface EndSessionDeps {
  readonly call: Call
  readonly records: Logout
  /** Whether a token that no key could verify may be sent. */
  readonly maySend: () => boolean
  /** Whether the records are looked up for session tokens, too. */
  readonly revokesSessions: boolean
}

/** Without keys, no token can be told from a made-up one; so few of a request are sent to the service. */
const maxUnverified = 4
/** The same for all requests in a second: anyone can name a key that has to be looked up first. */
const maxUnverifiedPerSecond = 10

/** Makes a count of the tokens that no key could verify: whether one more may be sent to the service. */
export function countUnverified(clock: Pick<Clock, 'monotonic'>): () => boolean {
  let last = 0
  let count = 0
  return () => {
    const second = Math.floor(clock.monotonic() / 1000)
    count = second === last ? count + 1 : 1
    last = second
    return count <= maxUnverifiedPerSecond
  }
}

export function createEndSession(deps: EndSessionDeps): EndSession {
  return async ({ sessionJwts, refreshJwts }, scope) => {
    const refreshes = await Promise.all(
      refreshJwts.map((jwt, index) => endRefresh(deps, jwt, scope, index < maxUnverified)),
    )
    const sessions = await Promise.all(
      sessionJwts.map((jwt) => endSessionToken(deps, jwt, scope, refreshes)),
    )
    const all = [...refreshes, ...sessions]
    const users = new Set(refreshes.flatMap(({ userId }) => userId ?? []))
    return {
      ended: all.every(({ ended }) => ended),
      errors: all.flatMap(({ errors }) => errors),
      hadSession: all.some(({ hadSession }) => hadSession),
      userId: users.size === 1 ? [...users][0] : undefined,
    }
  }
}

const nothingToEnd: EndedSession = { ended: true, errors: [], hadSession: false }

async function endRefresh(
  { call, records, maySend, revokesSessions }: EndSessionDeps,
  jwt: string,
  scope: EndScope,
  sendsUnverified: boolean,
): Promise<EndedSession> {
  const live = await records.findLive(jwt, 'refresh').catch(() => undefined)
  if (live === 'none') return nothingToEnd
  const plan = endPlans[scope]
  const send = async () =>
    live !== undefined || (sendsUnverified && maySend())
      ? call(plan.call, { token: jwt })
      : undefined
  const sent = plan.first === 'record' ? undefined : send()
  if (plan.first === 'call') await sent
  const notRecorded = await settled(records.record(jwt, 'refresh', scope))
  const response = await (sent ?? send())
  return {
    ended: isEnded({
      isRecorded: notRecorded === undefined,
      isConfirmed: response?.ok === true,
      revokesSessions,
    }),
    errors: [response?.error, notRecorded].filter((error) => error !== undefined),
    hadSession: live !== undefined || response?.ok === true,
    userId: live?.userId,
  }
}

async function endSessionToken(
  { records, revokesSessions }: EndSessionDeps,
  jwt: string,
  scope: EndScope,
  refreshes: readonly EndedSession[],
): Promise<EndedSession> {
  const live =
    scope === 'everywhere'
      ? await records.findLive(jwt, 'session').catch(() => undefined)
      : undefined
  if (live === 'none') return nothingToEnd
  // Without keys, a refresh token that the service has ended counts as that of the same user.
  const isUserEnded = refreshes.some(
    ({ hadSession, userId }) =>
      hadSession && (live === undefined || userId === undefined || userId === live.userId),
  )
  if (!recordsSessionToken(scope, { revokesSessions, isUserEnded })) return nothingToEnd
  const error = await settled(records.record(jwt, 'session', scope))
  return error === undefined ? nothingToEnd : { ...nothingToEnd, ended: false, errors: [error] }
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
