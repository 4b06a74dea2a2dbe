import type { AuthContext, RouteContext } from '../context.ts'
import { browserRecordOf } from './browser-cookie.ts'
import { attemptLifetimeMs } from './browser-record.ts'
import { type HashedKeys, createHashedKeys } from './hashed-keys.ts'

/**
 * What is kept in the store of an attempt that is not a sign-in, for every instance: the user and the
 * session that it is bound to, and what the page in another browser says.
 */
export interface BoundAttempt {
  readonly userId: string
  /** The name of the browser that asked. */
  readonly browser: string
  /** A fingerprint of the refresh token of the session that asked. */
  readonly session: string
  /** The address or number of the account, masked. */
  readonly account: string
  /** The address or number that the link went to. */
  readonly address: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/**
 * Keeps an attempt, before its link is sent. The key and the seal take the state to find and open.
 *
 * @throws {StoreError} the store is unavailable
 */
export async function keepBoundAttempt(
  context: AuthContext,
  state: string,
  bound: BoundAttempt,
): Promise<void> {
  const sealed = context.sealer.seal(purpose, bound, state)
  await createHashedKeys(context.store, context.sealer, purpose).set(
    state,
    sealed,
    attemptLifetimeMs,
  )
}

/**
 * The attempt of a state, if its session has not ended; undefined otherwise, and after an hour.
 *
 * @throws {StoreError} the store is unavailable
 */
export async function findBoundAttempt(
  context: AuthContext,
  state: string,
): Promise<BoundAttempt | undefined> {
  const { sealer, store } = context
  const sealed = await createHashedKeys(store, sealer, purpose).get(state)
  const bound = sealed === undefined ? undefined : sealer.open(purpose, sealed, state)
  if (!isBoundAttempt(bound)) return undefined
  const ends = endsOf(context)
  const found = await Promise.all(endersOf(bound).map((ender) => ends.get(ender)))
  return found.some((end) => end !== undefined && isEndOf(bound, end)) ? undefined : bound
}

/** What ends: sessions of users, of refresh tokens, or of this browser. */
export interface EndedSessions {
  /** The users whose sessions all ended. It must be certain that the request may end them. @default none */
  readonly userIds?: readonly string[]
  /** @default none */
  readonly refreshJwts?: readonly string[]
  /** The user who is signed in in this browser now, whose attempts live on. @default none */
  readonly nextUserId?: string
}

/**
 * Ends the step-ups and changes that were requested until now by an ended session: by this browser,
 * with these refresh tokens, or by these users. Their links are then refused, wherever they are opened.
 *
 * @throws {StoreError} the store is unavailable
 */
export async function endAttemptsOf(
  context: RouteContext,
  { userIds = [], refreshJwts = [], nextUserId = '' }: EndedSessions,
): Promise<void> {
  const { client, sealer } = context
  const browser = browserRecordOf(context)?.browser
  const enders = [
    ...(browser === undefined ? [] : [`browser ${browser}`]),
    ...refreshJwts.map((jwt) => `session ${sessionNameOf(sealer, jwt)}`),
    ...userIds.map((userId) => `user ${userId}`),
  ]
  const end = `${client.settings.clock.now()} ${nextUserId}`
  const ends = endsOf(context)
  await Promise.all(enders.map((ender) => ends.set(ender, end, attemptLifetimeMs)))
}

/** What stands for a session in the record of an attempt. */
export function sessionNameOf(sealer: AuthContext['sealer'], refreshJwt: string): string {
  return sealer.fingerprint('attempt-session', refreshJwt)
}

const purpose = 'bound-attempt'

function endersOf({ browser, session, userId }: BoundAttempt): readonly string[] {
  return [`browser ${browser}`, `session ${session}`, `user ${userId}`]
}

function isEndOf({ createdAt, userId }: BoundAttempt, end: string): boolean {
  const [at, nextUserId] = end.split(' ')
  return createdAt <= Number(at) && userId !== nextUserId
}

function endsOf({ store, sealer }: AuthContext): HashedKeys {
  return createHashedKeys(store, sealer, 'attempts-ended')
}

// The seal is ours. Another release may have sealed another shape.
function isBoundAttempt(value: unknown): value is BoundAttempt {
  if (typeof value !== 'object' || value === null) return false
  const record: Partial<Record<string, unknown>> = { ...value }
  const texts = ['userId', 'browser', 'session', 'account', 'address']
  return (
    texts.every((name) => typeof record[name] === 'string') &&
    typeof record['createdAt'] === 'number'
  )
}
