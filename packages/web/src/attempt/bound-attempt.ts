/**
 * Step-ups and changes of an account are bound to the user and the session that asked. Each function
 * rejects when the store is unavailable.
 */
import type { Session } from '@linkpass/core'
import { createRevocations } from '@linkpass/core/internal'
import type { AuthContext, RouteContext } from '../context.ts'
import { browserRecordOf, attemptLifetimeMs } from './browser-record.ts'

/** What the store keeps of a step-up or a change, also for the page in another browser. */
export interface BoundAttempt {
  readonly userId: string
  /** The name of the browser that asked. */
  readonly browser: string
  /** A fingerprint of the refresh token of the session that asked. */
  readonly session: string
  /** When its session token was issued, in seconds since the epoch. */
  readonly issuedAt: number
  /** The address or number of the account, masked. */
  readonly account: string
  /** The address or number that the link went to. */
  readonly address: string
  /** The browser that asked, such as `Firefox on Linux`. For display only. */
  readonly requestedFrom?: string | undefined
  /** The code to type to confirm a step-up in another browser. */
  readonly code?: string | undefined
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** Keeps an attempt, before its link is sent. */
export async function keepBoundAttempt(
  context: AuthContext,
  state: string,
  bound: BoundAttempt,
): Promise<void> {
  await context.entries.keep(purpose, state, bound, attemptLifetimeMs)
}

/**
 * The attempt of a state, if its session has not ended; undefined otherwise, and after an hour. What a logout
 * ended began before, whatever the clocks of two instances say: it renames the browser, and ends the refresh
 * token.
 */
export async function findBoundAttempt(
  context: AuthContext,
  state: string,
): Promise<BoundAttempt | undefined> {
  const bound = await context.entries.find(purpose, state)
  if (!isBoundAttempt(bound)) return undefined
  const { userId, browser, session, issuedAt, createdAt } = bound
  const places = [`browser ${browser}`, `session ${session}`]
  const { isRevoked, ends } = await endsOf(context, userId, issuedAt, places)
  const hasEnded = ends
    .flat()
    .filter(({ nextUserId }) => nextUserId !== userId)
    .some(({ nextUserId, at }) => nextUserId === '' || createdAt <= at)
  return isRevoked || hasEnded ? undefined : bound
}

/**
 * Whether a sign-in was ended: in its browser by a logout, or a sign-in of another user, or everywhere by
 * the record of its user. In its browser, times are not compared, since the service's clock may differ. A
 * logout renames the browser and forgets the attempts that it has completed, so what ended under an old
 * name began before.
 *
 * @param where the name of the browser, or the state of an attempt that it has completed
 */
export async function hasEndedIn(
  context: AuthContext,
  where: `browser ${string}` | `attempt ${string}`,
  { userId, claims }: Session,
): Promise<boolean> {
  const { isRevoked, ends } = await endsOf(context, userId, claims.iat, [where])
  // Of those who have signed in since, only the latest counts: the sign-in may be of after an earlier one.
  return isRevoked || ends.some(([last]) => last !== undefined && last.nextUserId !== userId)
}

/** The ends of sessions in these places, the latest first, and whether those of the user were revoked. */
async function endsOf(
  context: AuthContext,
  userId: string,
  issuedAt: number,
  places: readonly string[],
) {
  const { client, store } = context
  const revocations = createRevocations(store, client.settings.projectId)
  const [isRevoked, ...found] = await Promise.all([
    revocations.isUserRevoked(userId, issuedAt),
    ...places.map((place) => context.entries.get(ended, place)),
  ])
  return { isRevoked, ends: found.map(endsIn) }
}

/**
 * Ends the step-ups and changes that were requested until now by an ended session: by this browser, or
 * with these refresh tokens. Their links are then refused, wherever they are opened. Where every session
 * of a user was ended, the record of that is enough. The sign-ins of this browser are repeated no more.
 *
 * @param nextUserId the user who is signed in in this browser now, whose attempts live on @default none
 */
export async function endAttemptsOf(
  context: RouteContext,
  {
    refreshJwts = [],
    nextUserId = '',
  }: { readonly refreshJwts?: readonly string[]; readonly nextUserId?: string },
): Promise<void> {
  const { client, entries, sealer } = context
  const record = browserRecordOf(context)
  const enders = [
    ...(record === undefined ? [] : [`browser ${record.browser}`]),
    ...(record?.used ?? []).flatMap(({ state }) =>
      state === undefined ? [] : [`attempt ${state}`],
    ),
    // By each secret, since the instance that kept the attempt may have another first one.
    ...refreshJwts
      .flatMap((jwt) => sealer.fingerprints(sessionName, jwt))
      .map((name) => `session ${name}`),
  ]
  const end = { at: client.settings.clock.now(), nextUserId }
  await Promise.all(
    enders.map(async (ender) => {
      // What another user's sign-in has ended stays so when this user signs in again.
      const earlier = nextUserId === '' ? '' : await entries.get(ended, ender).catch(() => '')
      const another = endsIn(earlier).find((one) => !['', nextUserId].includes(one.nextUserId))
      const both = another === undefined ? [end] : [end, another]
      const text = both.map((one) => `${one.at} ${one.nextUserId}`).join(' ')
      await entries.set(ended, ender, text, attemptLifetimeMs)
    }),
  )
}

/** What stands for a session in the record of an attempt. */
export function sessionNameOf(sealer: AuthContext['sealer'], refreshJwt: string): string {
  return sealer.fingerprint(sessionName, refreshJwt)
}

const purpose = 'bound-attempt'
const sessionName = 'attempt-session'
const ended = 'attempts-ended'

/** When attempts ended in a place, and who was signed in there from then on: no one after a logout. */
interface End {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly nextUserId: string
}

// The latest, and the latest of another user before it. Older releases write and read only the first.
function endsIn(text: string = ''): readonly End[] {
  const parts = text.split(' ')
  return [0, 2].flatMap((index) => {
    const [at, nextUserId] = parts.slice(index)
    return nextUserId === undefined ? [] : [{ at: Number(at), nextUserId }]
  })
}

// Another release may have sealed another shape.
function isBoundAttempt(data: unknown): data is BoundAttempt {
  const fields: Partial<Record<keyof BoundAttempt, unknown>> = Object(data)
  const { userId, browser, session, account, address, requestedFrom = '', code = '' } = fields
  const texts = [userId, browser, session, account, address, requestedFrom, code]
  return (
    texts.every((text) => typeof text === 'string') &&
    [fields.issuedAt, fields.createdAt].every((time) => typeof time === 'number')
  )
}
