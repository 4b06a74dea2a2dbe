import type { Decision, Failure } from '../failure.ts'
import { senderNetwork } from '../request/sender-network.ts'
import { Running } from './running.ts'
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
  const perAttempt = Math.min(mostPerAttempt, failedPerIp)
  const underWay = new Running()

  return async (ip, { state, isOfRequester }, redeem) => {
    const counts = [
      ...(isOfRequester ? [] : [{ who: senderNetwork(ip ?? ''), limit: failedPerIp }]),
      ...(state === undefined ? [] : [{ who: `attempt ${state}`, limit: perAttempt }]),
    ].map((count) => ({ ...count, running: underWay.count(count.who) }))
    if (counts.some(({ running, limit }) => running >= limit)) {
      return { ok: false, failure: tooMany(1000) }
    }
    const names = counts.map(({ who }) => who)
    return underWay.run(names, async () => {
      const now = clock.now()
      const window = Math.floor(now / windowMs)
      const keys = names.map((who) => `fails:${fingerprint(who)}:${window}`)
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
    })
  }
}

function isOfLink({ kind }: Failure): boolean {
  return kind === 'link-unknown' || kind === 'link-used-or-expired'
}
