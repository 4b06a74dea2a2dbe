import { type Sealer, randomInteger } from '@linkpass/core/internal'
import { isStateShape } from '../attempt/state.ts'
import type { RouteRequest } from '../request/request-reader.ts'
import type { CookiePolicy } from '../response/cookie-policy.ts'
import { type CookieDecision, keptByBrowsers, sealedCookie } from '../response/cookies.ts'

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

/** More than any reference seen. A longer one is kept as it is. */
const referenceRoom = 512
/** The service's own SDKs poll for as long. */
const usualMinutes = 10
const maxMinutes = 60

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
  return Math.min(linkMinutes, maxMinutes) * 60 * 1000
}

export function pendingEndsAt({ createdAt, lifetimeMs }: PendingSignIn): number {
  return createdAt + lifetimeMs
}

/** The time left, in milliseconds; 0 when it has ended. */
export function pendingLeftMs(pending: PendingSignIn, now: number): number {
  return Math.max(0, pendingEndsAt(pending) - now)
}

interface Sealing {
  readonly sealer: Sealer
  readonly settings: { readonly cookies: CookiePolicy }
}

/**
 * The cookie that binds an attempt to this browser. The pending reference leaves the server only in this
 * seal. It takes the same room whatever its length, and where there is none, so that the cookie of a refused
 * address is as long as any other. Fails when a reference of the service is too long for a cookie.
 */
export function pendingCookie(
  { sealer, settings }: Sealing,
  pending: PendingSignIn,
): CookieDecision {
  const pendingRef = (pending.pendingRef ?? '').padEnd(referenceRoom)
  const sealed = sealer.seal('pending', { ...pending, pendingRef })
  const lifetimeSeconds = pending.lifetimeMs / 1000
  return keptByBrowsers([sealedCookie(settings.cookies, 'pending', sealed, lifetimeSeconds)])
}

/**
 * What this browser waits for; undefined without a cookie that was sealed here. An older release may have
 * sealed another shape.
 */
export function pendingOf(
  context: Sealing & Pick<RouteRequest, 'cookie'>,
): PendingSignIn | undefined {
  const { cookie, sealer, settings } = context
  const sealed = cookie(settings.cookies.names.pending)
  const data = sealed === undefined ? undefined : sealer.open('pending', sealed)
  if (!isPendingSignIn(data)) return undefined
  const { pendingRef = '', ...rest } = data
  const reference = pendingRef.trimEnd()
  return reference === '' ? rest : { ...rest, pendingRef: reference }
}

function isPendingSignIn(data: unknown): data is PendingSignIn {
  const fields: Partial<Record<keyof PendingSignIn, unknown>> = Object(data)
  const { state, linkId, loginId, returnTo, pendingRef = '', code = '' } = fields
  return (
    isStateShape(state) &&
    [linkId, loginId, returnTo, pendingRef, code].every((text) => typeof text === 'string') &&
    [fields.createdAt, fields.lifetimeMs].every((time) => typeof time === 'number')
  )
}

/**
 * Two digits for an attempt that the service refused: as plausible as its own, so that the page for an
 * unknown address looks like any other.
 */
export function randomLinkId(): string {
  return String(randomInteger(0, 100)).padStart(2, '0')
}
