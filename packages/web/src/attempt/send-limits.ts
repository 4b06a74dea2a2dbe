import { canonicalLoginId, onlyKnown } from '@linkpass/core/internal'
import type { StateStore } from '@linkpass/core'
import type { Failure } from '../failure.ts'
import { reportOutage } from '../report.ts'
import { senderNetwork } from '../request/sender-network.ts'

/** How many links may be requested. */
export interface SendLimits {
  /** Per address in a quarter of an hour. */
  readonly perAddress: number
  /** Per IP address in a quarter of an hour. */
  readonly perIp: number
  /** Seconds between two links to one address. */
  readonly cooldownSeconds: number
}

/**
 * Applies the defaults; undefined where the app turned limits off.
 *
 * @throws {TypeError} a limit is invalid; the message names it
 */
export function resolveSendLimits(
  limits: false | Partial<SendLimits> = {},
): SendLimits | undefined {
  if (limits === false) return undefined
  onlyKnown('limits', limits, ['perAddress', 'perIp', 'cooldownSeconds'])
  const { perAddress = 5, perIp = 30, cooldownSeconds = 30 } = limits
  for (const [name, value] of Object.entries({ perAddress, perIp, cooldownSeconds })) {
    const min = name === 'cooldownSeconds' ? 0 : 1
    if (!Number.isSafeInteger(value) || value < min) {
      throw new TypeError(
        `limits.${name} must be a whole number from ${min}; limits: false is none.`,
      )
    }
  }
  return Object.freeze({ perAddress, perIp, cooldownSeconds })
}

/** Dependencies of a {@link SendLimiter}. */
export interface SendLimiterDeps {
  readonly limits: SendLimits
  readonly store: StateStore
  readonly clock: { now(): number }
  /** A name for an address that does not reveal it. */
  readonly fingerprint: (text: string) => string
}

/** Counts links, for all instances that share the store. */
export interface SendLimiter {
  /**
   * Counts a link about to be sent. Returns a failure when a limit is reached: first the count per
   * sender, so that a sender over its limit blocks no address, then the pause between two links, then
   * the count per address. Known and unknown addresses are treated alike. An unavailable store is
   * `unavailable`, since nothing can be counted.
   *
   * All spellings of an address count as one, and so do all addresses of one IPv6 network.
   */
  admit(address: string, ip: string): Promise<Failure | undefined>
  /** Ends the pause early, because the link was redeemed. */
  forgive(address: string): Promise<void>
  /**
   * Takes back what an attempt counted for its address, because certainly no link was sent. So an
   * outage uses up no sends. The count of the sender stays, since it bounds the requests to a service
   * that is unavailable.
   */
  refund(address: string): Promise<void>
}

const windowMs = 15 * 60 * 1000

/** Limits in fixed windows, so that the time to wait is known without asking the store. */
export function createSendLimiter({
  limits,
  store,
  clock,
  fingerprint,
}: SendLimiterDeps): SendLimiter {
  const pauseKey = (address: string): string => `pause:${fingerprint(canonicalLoginId(address))}`

  async function pauseLeft(address: string, now: number): Promise<number> {
    if (limits.cooldownSeconds === 0) return 0
    const ms = limits.cooldownSeconds * 1000
    const key = pauseKey(address)
    const found = await store.setIfAbsent(key, String(now + ms), ms)
    if (found === undefined) return 0
    const endsAt = Number(found)
    return Number.isFinite(endsAt) ? Math.max(endsAt - now, 1000) : 1000
  }

  const countKey = (kind: string, who: string): string =>
    `${kind}:${fingerprint(who)}:${Math.floor(clock.now() / windowMs)}`

  async function over(kind: string, who: string, limit: number): Promise<boolean> {
    const key = countKey(kind, who)
    const count = await store.increment(`sends:${key}`, windowMs)
    if (count <= limit) return false
    const refunded = Number((await store.get(`refunds:${key}`)) ?? 0)
    return count - refunded > limit
  }

  async function forgive(address: string): Promise<void> {
    // If this fails, the user waits as if a link had been sent.
    await store.delete(pauseKey(address)).catch(() => {})
  }

  return {
    admit: async (address, ip) => {
      const now = clock.now()
      const untilNext = windowMs - (now % windowMs)
      try {
        if (await over('ip', senderNetwork(ip), limits.perIp)) return tooMany(untilNext)
        const pauseMs = await pauseLeft(address, now)
        if (pauseMs > 0) return tooMany(pauseMs)
        const full = await over('to', canonicalLoginId(address), limits.perAddress)
        return full ? tooMany(untilNext) : undefined
      } catch {
        reportOutage('store')
        return { kind: 'unavailable', retryAfterSeconds: 1 }
      }
    },
    forgive,
    refund: async (address) => {
      const key = `refunds:${countKey('to', canonicalLoginId(address))}`
      await store.increment(key, windowMs).catch(() => {})
      await forgive(address)
    },
  }
}

function tooMany(waitMs: number): Failure {
  return { kind: 'too-many', retryAfterSeconds: Math.ceil(waitMs / 1000) }
}
