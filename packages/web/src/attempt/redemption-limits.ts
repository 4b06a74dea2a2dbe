import type { RouteContext } from '../context.ts'
import type { Decision, Failure } from '../failure.ts'
import { senderNetwork } from '../request/sender-network.ts'
import { tooMany, windowMs } from './limits.ts'

/** How many tokens may be tried with the state of one attempt. */
const maxPerAttempt = 5

/**
 * Redeems within the limits of a sender and of an attempt, for all instances that share the store: counts
 * the redemptions that failed because the link is unknown or used. Once there are too many, the service is
 * not asked. Requests that run at once count as if they had failed. It takes one read of the store, and two
 * writes for a failure; an unavailable store limits no one.
 *
 * @param attempt the attempt whose link is redeemed; without a state, if the link has none. `isOfRequester`
 *   says whether the request is of the browser that asked, or brings the attempt's code. Then other users
 *   behind its address do not count: a stranger among them keeps no one from a sign-in.
 */
export async function redeemWithinLimit<Done extends Decision>(
  { client, read, redemptions, request, sealer, settings, store }: RouteContext,
  attempt: { readonly state: string | undefined; readonly isOfRequester: boolean },
  redeem: () => Promise<Done>,
): Promise<Done | Extract<Decision, { ok: false }>> {
  if (settings.limits === undefined) return redeem()
  const { state, isOfRequester } = attempt
  const { failedPerIp } = settings.limits
  const perAttempt = Math.min(maxPerAttempt, failedPerIp)
  const sender = senderNetwork(read.ip(request) ?? '')
  const counts = [
    ...(isOfRequester ? [] : [{ who: sender, limit: failedPerIp }]),
    ...(state === undefined ? [] : [{ who: `attempt ${state}`, limit: perAttempt }]),
  ].map((count) => ({ ...count, running: redemptions.count(count.who) }))
  if (counts.some(({ running, limit }) => running >= limit)) {
    return { ok: false, failure: tooMany(1000) }
  }
  const names = counts.map(({ who }) => who)
  return redemptions.run(names, async () => {
    const now = client.settings.clock.now()
    const window = Math.floor(now / windowMs)
    const keys = names.map((who) => `fails:${sealer.fingerprint('limit', who)}:${window}`)
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

function isOfLink({ kind }: Failure): boolean {
  return kind === 'link-unknown' || kind === 'link-used-or-expired'
}
