import { canonicalLoginId, checkOption, isWhole, onlyKnown } from '@linkpass/core/internal'
import type { StateStore } from '@linkpass/core'
import type { Failure } from '../failure.ts'
import { reportOutage } from '../report.ts'
import { countryCodeOf } from '../request/login-id.ts'
import { senderNetwork } from '../request/sender-network.ts'

/** How many links may be requested, and how many may turn out to be no good. */
export interface SendLimits {
  /** Per address in a quarter of an hour. */
  readonly perAddress: number
  /** Per IP address in a quarter of an hour. */
  readonly perIp: number
  /** Seconds between two links to one address. */
  readonly cooldownSeconds: number
  /** Redemptions per IP address that fail in a quarter of an hour, of links that are unknown or used. */
  readonly failedPerIp: number
  /** For the whole app in a quarter of an hour. Whoever uses them up prevents all others from a link. */
  readonly perApp?: number
  /**
   * For phone numbers of one country code in a quarter of an hour, such as `{ 44: 500, default: 20 }`.
   * A code without an entry has the `default`; without one, it has no limit.
   */
  readonly perCountryCode?: Readonly<Record<string, number>>
}

/** Limits as an app gives them. */
export type SendLimitOptions = {
  readonly [Name in keyof SendLimits]?: SendLimits[Name] | undefined
}

/** Applies the defaults; undefined where the app turned limits off. */
export function resolveSendLimits(limits: false | SendLimitOptions = {}): SendLimits | undefined {
  if (limits === false) return undefined
  onlyKnown('limits', limits, names)
  const { perAddress = 5, perIp = 30, cooldownSeconds = 30, failedPerIp = 30 } = limits
  const { perApp, perCountryCode } = limits
  const always = { perAddress, perIp, cooldownSeconds, failedPerIp }
  const numbers = perApp === undefined ? always : { ...always, perApp }
  for (const [name, value] of Object.entries({ ...numbers, ...byCountryCode(perCountryCode) })) {
    const min = name === 'cooldownSeconds' ? 0 : 1
    checkOption(
      isWhole(value, min, Number.MAX_SAFE_INTEGER),
      `limits.${name} must be a whole number from ${min}; limits: false is none.`,
    )
  }
  return Object.freeze({
    ...numbers,
    ...(perCountryCode !== undefined && { perCountryCode: Object.freeze({ ...perCountryCode }) }),
  })
}

const names = [
  ...['perAddress', 'perIp', 'cooldownSeconds', 'failedPerIp'],
  ...['perApp', 'perCountryCode'],
]

function byCountryCode(limits: unknown): Record<string, unknown> {
  const isRecord = typeof limits === 'object' && limits !== null
  const entries = Object.entries(isRecord ? limits : {})
  const areCodes = entries.every(([code]) => /^(?:default|[1-9]\d{0,2})$/.test(code))
  checkOption(
    limits === undefined || (isRecord && areCodes),
    'limits.perCountryCode must be an object by country code, such as { 44: 500, default: 20 }.',
  )
  return Object.fromEntries(entries.map(([code, limit]) => [`perCountryCode.${code}`, limit]))
}

export interface SendLimiterDeps {
  readonly limits: SendLimits
  readonly store: StateStore
  readonly clock: { now(): number }
  /** A name for an address that does not reveal it. */
  readonly fingerprint: (text: string) => string
}

export const windowMs: number = 15 * 60 * 1000

/**
 * Counts links, for all instances that share the store. The windows are fixed, so that the time to wait is known
 * without the store; around the end of one, twice the limit is possible. All spellings of an address count as
 * one, and so do all addresses of one IPv6 network.
 */
export class SendLimiter {
  readonly #deps: SendLimiterDeps

  constructor(deps: SendLimiterDeps) {
    this.#deps = deps
  }

  /**
   * Counts a link about to be sent. Returns a failure when a limit is reached, in this order: the sender, so that
   * one over its limit blocks no address; the pause between two links; the address, the country code, the app.
   * Known and unknown addresses are treated alike. An unavailable store is `unavailable`.
   */
  async admit(address: string, ip: string): Promise<Failure | undefined> {
    const { clock, limits } = this.#deps
    const now = clock.now()
    const untilNext = windowMs - (now % windowMs)
    try {
      if (await this.#isOver('ip', senderNetwork(ip), limits.perIp)) return tooMany(untilNext)
      const pauseMs = await this.#pauseLeft(address, now)
      if (pauseMs > 0) return tooMany(pauseMs)
      for (const { kind, who, limit } of await this.#countsOf(address)) {
        if (await this.#isOver(kind, who, limit)) return tooMany(untilNext)
      }
      return undefined
    } catch {
      reportOutage('store')
      // No link is sent, so the pause that this one perhaps began ends. No response waits for a slow store twice.
      void this.#deps.store.deleteIf(this.#pauseKey(address), this.#pauseEnd(now)).catch(() => {})
      return { kind: 'unavailable', retryAfterSeconds: 1 }
    }
  }

  /** Ends the pause early, because the link was redeemed. If that fails, the user waits as after any link. */
  async forgive(address: string): Promise<void> {
    await this.#deps.store.delete(this.#pauseKey(address)).catch(() => {})
  }

  /**
   * Takes back what an attempt counted, because certainly no link was sent. The count of the sender stays, since
   * it bounds the requests to a service that is unavailable.
   */
  async refund(address: string): Promise<void> {
    for (const { kind, who } of await this.#countsOf(address)) {
      const key = `refunds:${this.#countKey(kind, who)}`
      await this.#deps.store.increment(key, windowMs).catch(() => {})
    }
    await this.forgive(address)
  }

  async #pauseLeft(address: string, now: number): Promise<number> {
    const { limits, store } = this.#deps
    if (limits.cooldownSeconds === 0) return 0
    const ms = limits.cooldownSeconds * 1000
    const found = await store.setIfAbsent(this.#pauseKey(address), this.#pauseEnd(now), ms)
    return found === undefined ? 0 : Math.max((Number(found) || 0) - now, 1000)
  }

  async #isOver(kind: string, who: string, limit: number): Promise<boolean> {
    const { store } = this.#deps
    const key = this.#countKey(kind, who)
    const count = await store.increment(`sends:${key}`, windowMs)
    if (count <= limit) return false
    const refunded = Number((await store.get(`refunds:${key}`)) ?? 0)
    return count - refunded > limit
  }

  /** What a link counts for besides its sender, in the order in which it is counted. */
  async #countsOf(address: string) {
    const { perAddress, perCountryCode, perApp } = this.#deps.limits
    const code = perCountryCode && (await countryCodeOf(address))
    const perCode =
      code === undefined ? code : (perCountryCode?.[code] ?? perCountryCode?.['default'])
    return [
      { kind: 'to', who: canonicalLoginId(address), limit: perAddress },
      ...(perCode === undefined ? [] : [{ kind: 'code', who: code ?? '', limit: perCode }]),
      ...(perApp === undefined ? [] : [{ kind: 'app', who: '', limit: perApp }]),
    ]
  }

  #pauseEnd(now: number): string {
    return String(now + this.#deps.limits.cooldownSeconds * 1000)
  }

  #pauseKey(address: string): string {
    return `pause:${this.#deps.fingerprint(canonicalLoginId(address))}`
  }

  #countKey(kind: string, who: string): string {
    const { clock, fingerprint } = this.#deps
    return `${kind}:${fingerprint(who)}:${Math.floor(clock.now() / windowMs)}`
  }
}

export function tooMany(waitMs: number): Failure {
  return { kind: 'too-many', retryAfterSeconds: Math.ceil(waitMs / 1000) }
}

/** Counts what runs at once in this process, by name. */
export class Running {
  readonly #counts = new Map<string, number>()

  count(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** Runs work, which counts under each of the names until it is over. */
  async run<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const name of names) this.#counts.set(name, this.count(name) + 1)
    try {
      return await work()
    } finally {
      for (const name of names) {
        const left = this.count(name) - 1
        if (left === 0) this.#counts.delete(name)
        else this.#counts.set(name, left)
      }
    }
  }
}
