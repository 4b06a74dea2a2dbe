import type { Decision, Failure } from '../failure.ts'
import { senderNetwork } from '../request/sender-network.ts'
import { type LimiterDeps, tooMany, windowMs } from './send-limits.ts'

/** Redeems within the limits of a sender and of an attempt, for all instances that share the store. */
export type RedemptionLimiter = <Done extends Decision>(
  ip: string | undefined,
  attempt: RedeemedAttempt,
  redeem: () => Promise<Done>,
) => Promise<Done | Extract<Decision, { ok: false }>>

/** The attempt whose link is redeemed. */
export interface RedeemedAttempt {
  /** Undefined for a link without a state. */
  readonly state: string | undefined
  /**
   * Whether the request is of the browser that asked, or brings the attempt's code. Then other users
   * behind its address do not count: a stranger among them keeps no one from a sign-in.
   */
  readonly isOfRequester: boolean
}

/** How many tokens may be tried with the state of one attempt. */
const mostPerAttempt = 5

/**
 * Counts the redemptions of a sender, and of an attempt, that failed because the link is unknown or used.
 * Once there are too many, the service is not asked. Requests that run at once count as if they had
 * failed. It takes one read of the store, and two writes for a failure; an unavailable store limits no one.
 */
export function createRedemptionLimiter(deps: LimiterDeps | undefined): RedemptionLimiter {
  if (deps === undefined) return (_ip, _attempt, redeem) => redeem()
  const { limits, store, clock, fingerprint } = deps
  const { failedPerIp } = limits
  const underWay = new Map<string, number>()

  const perAttempt = Math.min(mostPerAttempt, failedPerIp)

  return async (ip, { state, isOfRequester }, redeem) => {
    const counts = [
      ...(isOfRequester ? [] : [{ who: senderNetwork(ip ?? ''), limit: failedPerIp }]),
      ...(state === undefined ? [] : [{ who: `attempt ${state}`, limit: perAttempt }]),
    ].map((count) => ({ ...count, running: underWay.get(count.who) ?? 0 }))
    if (counts.some(({ running, limit }) => running >= limit)) {
      return { ok: false, failure: tooMany(1000) }
    }
    for (const { who, running } of counts) underWay.set(who, running + 1)
    try {
      const now = clock.now()
      const window = Math.floor(now / windowMs)
      const keys = counts.map(({ who }) => `fails:${fingerprint(who)}:${window}`)
      const found = await store.getMany(keys).catch(() => [])
      const left = counts.map(({ limit }, index) => limit - Number(found[index] ?? 0))
      if (left.some((count) => count <= 0)) {
        return { ok: false, failure: tooMany(windowMs - (now % windowMs)) }
      }
      if (counts.some(({ running }, index) => running >= (left[index] ?? 0))) {
        return { ok: false, failure: tooMany(1000) }
      }
      const done = await redeem()
      if (!done.ok && isOfLink(done.failure)) {
        await Promise.all(keys.map((key) => store.increment(key, windowMs).catch(() => 0)))
      }
      return done
    } finally {
      for (const { who } of counts) {
        const running = (underWay.get(who) ?? 1) - 1
        if (running === 0) underWay.delete(who)
        else underWay.set(who, running)
      }
    }
  }
}

function isOfLink({ kind }: Failure): boolean {
  return kind === 'link-unknown' || kind === 'link-used-or-expired'
}
