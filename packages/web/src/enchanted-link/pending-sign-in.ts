import { isAttemptState } from '../attempt/link-token.ts'

/** What one browser waits for once it asked for an enchanted link. Travels sealed in its cookie. */
export interface PendingSignIn {
  /** Names the attempt; the last segment of the three links' paths. */
  readonly state: string
  /** The two digits to show. */
  readonly linkId: string
  /** Fetches the session; absent for an attempt that the service refused, of which nothing comes. */
  readonly pendingRef?: string
  /** The address as it was typed, to show. */
  readonly loginId: string
  /** Where to go afterwards: already safe. */
  readonly returnTo: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** How long it is waited for, in milliseconds. */
  readonly lifetimeMs: number
}

/** As long as the service's own SDKs poll. */
const usualMinutes = 10
/** A "this was not me" counts for as long: nothing may complete after it is forgotten. */
const mostMinutes = 60

/**
 * How long an enchanted sign-in is waited for, in milliseconds: as long as its links live, an hour
 * at most, and ten minutes where nobody said. Pure.
 *
 * It is the only end a waiting browser hears of. When the service says that the links have expired
 * is not passed on: an attempt for an address without an account would never hear it.
 *
 * @param linkMinutes how long its links live, in minutes, where that is known
 */
export function pendingLifetimeMs(linkMinutes: number = usualMinutes): number {
  return Math.min(linkMinutes, mostMinutes) * 60 * 1000
}

/** How long a refusal counts, in milliseconds: longer than anything that could still complete. */
export const refusalLifetimeMs: number = pendingLifetimeMs(mostMinutes)

/** How long a completion is remembered, in milliseconds: a day, and its links are long dead. */
export const completionLifetimeMs: number = 24 * 60 * 60 * 1000

/** How long is left, in milliseconds; 0 when it is over. Pure. */
export function pendingLeftMs(pending: PendingSignIn, now: number): number {
  return Math.max(0, pending.createdAt + pending.lifetimeMs - now)
}

/** More than any reference seen; one that is longer is kept as it is. */
const referenceRoom = 512

/**
 * What to seal. A reference takes the same room whatever its length, and where there is none, so
 * that the cookie of a refused address is as long as any other. Pure.
 */
export function packPendingSignIn(pending: PendingSignIn): object {
  return { ...pending, pendingRef: (pending.pendingRef ?? '').padEnd(referenceRoom) }
}

/**
 * Takes an opened pending cookie for what was packed, or undefined when it is none: only we can
 * have sealed it, but an older release may have sealed another shape. Pure.
 */
export function parsePendingSignIn(data: unknown): PendingSignIn | undefined {
  if (!isPendingSignIn(data)) return undefined
  const { pendingRef = '', ...rest } = data
  const reference = pendingRef.trimEnd()
  return reference === '' ? rest : { ...rest, pendingRef: reference }
}

function isPendingSignIn(data: unknown): data is PendingSignIn {
  if (typeof data !== 'object' || data === null) return false
  const record: Partial<Record<string, unknown>> = { ...data }
  return (
    isAttemptState(record['state']) &&
    ['linkId', 'loginId', 'returnTo'].every((name) => typeof record[name] === 'string') &&
    ['string', 'undefined'].includes(typeof record['pendingRef']) &&
    ['createdAt', 'lifetimeMs'].every((name) => typeof record[name] === 'number')
  )
}

/**
 * Two digits for an attempt that the service refused: as plausible as its own, so that the page for an
 * unknown address looks like any other.
 */
export function randomLinkId(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  return String(10 + (random % 90))
}
