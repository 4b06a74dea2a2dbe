import { isLinkState } from './link-token.ts'

/** What one browser waits for once it asked for an enchanted link. Travels sealed in its cookie. */
export interface PendingSignIn {
  /** Names the start; the last segment of the three links' paths. */
  readonly state: string
  /** The two digits to show. */
  readonly linkId: string
  /** Fetches the session; absent for a start that the service refused, which stays pending. */
  readonly pendingRef?: string
  /** The address as it was typed, to show. */
  readonly loginId: string
  /** Where to go afterwards: already safe. */
  readonly returnTo: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/**
 * How long an enchanted sign-in is waited for: ten minutes, as long as the service's own SDKs poll.
 * The links may expire sooner, which the service then says.
 */
export const pendingLifetimeMs: number = 10 * 60 * 1000

/** How long is left, in milliseconds; 0 when it is over. Pure. */
export function pendingLeftMs(pending: PendingSignIn, now: number): number {
  return Math.max(0, pending.createdAt + pendingLifetimeMs - now)
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
    isLinkState(record['state']) &&
    ['linkId', 'loginId', 'returnTo'].every((name) => typeof record[name] === 'string') &&
    ['string', 'undefined'].includes(typeof record['pendingRef']) &&
    typeof record['createdAt'] === 'number'
  )
}

/**
 * Two digits for a start that the service refused: as plausible as its own, so that the page for an
 * unknown address looks like any other.
 */
export function madeUpLinkId(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  return String(10 + (random % 90))
}
