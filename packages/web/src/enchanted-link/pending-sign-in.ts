import { randomInteger } from '@linkpass/core/internal'
import { isStateShape } from '../attempt/state.ts'

/** What a browser waits for after it requested an enchanted link. Its cookie holds it, sealed. */
export interface PendingSignIn {
  /** Identifies the attempt: the last segment of the three links' paths. */
  readonly state: string
  /** The two digits to show. */
  readonly linkId: string
  /** Fetches the session; absent if the service did not accept the address. */
  readonly pendingRef?: string
  /** The address as it was typed, to show. */
  readonly loginId: string
  /** The code to show once a link was opened; absent where a button approves. */
  readonly code?: string
  /** Where to go afterwards: a safe path. */
  readonly returnTo: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** How long the browser waits, in milliseconds. */
  readonly lifetimeMs: number
}

/** The service's own SDKs poll for as long. */
const usualMinutes = 10
const mostMinutes = 60

/**
 * How long a browser waits for an approval, in milliseconds: as long as the links live, at most an
 * hour, and ten minutes where that is not known.
 *
 * The waiting browser is told of no other end. That the service says the links have expired is not
 * passed on, since an attempt for an address without an account would never be told so.
 *
 * @param linkMinutes how long the links live, in minutes, where that is known
 */
export function pendingLifetimeMs(linkMinutes: number = usualMinutes): number {
  return Math.min(linkMinutes, mostMinutes) * 60 * 1000
}

/** When it ends, in milliseconds since the epoch. */
export function pendingEndsAt({ createdAt, lifetimeMs }: PendingSignIn): number {
  return createdAt + lifetimeMs
}

/** The time left, in milliseconds; 0 when it has ended. */
export function pendingLeftMs(pending: PendingSignIn, now: number): number {
  return Math.max(0, pendingEndsAt(pending) - now)
}

/** More than any reference seen. A longer one is kept as it is. */
const referenceRoom = 512

/**
 * What to seal. A reference takes the same room whatever its length, and where there is none, so
 * that the cookie of a refused address is as long as any other.
 */
export function packPendingSignIn(pending: PendingSignIn): object {
  return { ...pending, pendingRef: (pending.pendingRef ?? '').padEnd(referenceRoom) }
}

/**
 * Takes an opened pending cookie for what was packed, or undefined when it is none: only we can
 * have sealed it, but an older release may have sealed another shape.
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
    isStateShape(record['state']) &&
    ['linkId', 'loginId', 'returnTo'].every((name) => typeof record[name] === 'string') &&
    ['pendingRef', 'code'].every((name) => ['string', 'undefined'].includes(typeof record[name])) &&
    ['createdAt', 'lifetimeMs'].every((name) => typeof record[name] === 'number')
  )
}

/**
 * Two digits for an attempt that the service refused: as plausible as its own, so that the page for an
 * unknown address looks like any other.
 */
export function randomLinkId(): string {
  return String(randomInteger(0, 100)).padStart(2, '0')
}
