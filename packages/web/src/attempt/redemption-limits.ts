import type { Failure } from '../failure.ts'
import type { RequestReader } from '../request/request-reader.ts'
import { senderNetwork } from '../request/sender-network.ts'
import { type LimiterDeps, tooMany, windowMs } from './send-limits.ts'

/** What limits failed redemptions per sender, for all instances that share the store. */
export type RedemptionLimiter = <Done extends Redemption>(
  ip: string,
  redeem: () => Promise<Done>,
) => Promise<Done | Failed>

type Failed = { readonly ok: false; readonly failure: Failure }
type Redemption = { readonly ok: true } | Failed

/**
 * Counts the redemptions of a sender that failed because the link is unknown or used. Once there are too
 * many, the service is not asked. Requests that run at once count as if they had failed. It takes one
 * read of the store, and a write for a failure; an unavailable store limits no one.
 */
export function createRedemptionLimiter(deps: LimiterDeps): RedemptionLimiter {
  const { limits, store, clock, fingerprint } = deps
  const underWay = new Map<string, number>()

  return async (ip, redeem) => {
    const sender = senderNetwork(ip)
    const running = underWay.get(sender) ?? 0
    if (running >= limits.failedPerIp) return { ok: false, failure: tooMany(1000) }
    underWay.set(sender, running + 1)
    try {
      const now = clock.now()
      const key = `fails:${fingerprint(sender)}:${Math.floor(now / windowMs)}`
      const failed = Number((await store.get(key).catch(() => undefined)) ?? 0)
      if (failed >= limits.failedPerIp) {
        return { ok: false, failure: tooMany(windowMs - (now % windowMs)) }
      }
      if (failed + running >= limits.failedPerIp) return { ok: false, failure: tooMany(1000) }
      const done = await redeem()
      if (!done.ok && isOfLink(done.failure)) await store.increment(key, windowMs).catch(() => 0)
      return done
    } finally {
      const left = (underWay.get(sender) ?? 1) - 1
      if (left === 0) underWay.delete(sender)
      else underWay.set(sender, left)
    }
  }
}

function isOfLink({ kind }: Failure): boolean {
  return kind === 'link-unknown' || kind === 'link-used-or-expired'
}

/** What is read of a request and its app. */
interface LimitedRequest {
  readonly read: Pick<RequestReader<object>, 'ip'>
  readonly redemptionLimiter: RedemptionLimiter | undefined
  readonly request: object
}

/** Redeems within the limit of the request's sender. */
export async function redeemWithinLimit<Done extends Redemption>(
  { read, redemptionLimiter, request }: LimitedRequest,
  redeem: () => Promise<Done>,
): Promise<Done | Failed> {
  return redemptionLimiter ? redemptionLimiter(read.ip(request) ?? '', redeem) : redeem()
}
