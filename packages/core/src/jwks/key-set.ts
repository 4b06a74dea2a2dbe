import type { Clock } from '../clock.ts'
import { KeySetError } from '../errors.ts'
import type { Logger } from '../options.ts'
import { tellFresh, tellStale } from './key-set-events.ts'
import { backOff, type LookupDecision, decideAfterRefresh, decideLookup } from './refresh-policy.ts'
import { createUnknownKids } from './unknown-kids.ts'
import { badSignature } from '../jwt/signature.ts'
import { readKeySet, type VerificationKey } from './verification-key.ts'

/** The longest that one attempt, and with it a request, waits for the service. */
const attemptMs = 5000

/** The project's keys, by `kid`. */
export interface KeySet {
  /**
   * The key a token names: at once when the keys at hand will do, else after a refresh.
   *
   * @throws {TokenError} `ERR_TOKEN_SIGNATURE`: no key of the project
   * @throws {KeySetError} the keys are out of reach
   */
  find(kid: string): VerificationKey | Promise<VerificationKey>
  /**
   * Fetches the keys unless there are some that need no waiting for.
   *
   * @throws {KeySetError} the keys are out of reach
   */
  warmUp(): Promise<void>
  /** Ends an attempt under way and starts no other; the keys at hand stay in use. */
  close(): void
}

/** What {@link createKeySet} is made of. */
export interface KeySetDeps {
  readonly clock: Clock
  readonly algorithms: readonly string[]
  readonly logger: Logger | undefined
  /** The parsed JSON of the key set; rejects when there is no answer, or not the right one. */
  readonly fetchKeys: (signal: AbortSignal) => Promise<unknown>
}

interface KnownKeys {
  readonly byKid: ReadonlyMap<string, VerificationKey>
  readonly askedAt: number
}

interface Outage {
  readonly failures: number
  readonly failedAt: number
  readonly retryAt: number
  readonly cause: unknown
}

/**
 * The key set of the service, kept fresh by the requests that use it: no timer runs. One attempt
 * at a time, shared by all who wait; when each is made is decided in `key-set-plan.ts`. An answer
 * without one usable key is a failed attempt, so that a broken answer never empties the set.
 */
export function createKeySet({ clock, algorithms, logger, fetchKeys }: KeySetDeps): KeySet {
  const missing = createUnknownKids()
  let known: KnownKeys | undefined
  let outage: Outage | undefined
  let attempt: Promise<void> | undefined
  let fetching: AbortController | undefined
  let isClosed = false

  function factsAbout(kid: string, now: number) {
    const canStart = !isClosed && (outage === undefined || now >= outage.retryAt)
    return {
      hasKey: known?.byKid.has(kid) ?? false,
      age: known && now - known.askedAt,
      failedAgo: outage && now - outage.failedAt,
      mayRefresh: attempt !== undefined || canStart,
      mayAsk: attempt !== undefined || missing.mayAsk(kid, now),
    }
  }

  function find(kid: string): VerificationKey | Promise<VerificationKey> {
    const plan = decideLookup(factsAbout(kid, clock.monotonic()))
    if (plan === 'refresh') return findAfterRefresh(kid)
    if (plan === 'use-and-refresh') void refresh()
    return settle(plan, kid)
  }

  async function findAfterRefresh(kid: string): Promise<VerificationKey> {
    const joined = attempt !== undefined
    await refresh()
    // An attempt that was under way may have been answered before this key was published.
    if (joined && decideLookup(factsAbout(kid, clock.monotonic())) === 'refresh') await refresh()
    const plan = decideAfterRefresh(factsAbout(kid, clock.monotonic()))
    if (plan === 'refuse' && known !== undefined) missing.wasMissing(kid, known.askedAt)
    return settle(plan, kid)
  }

  function settle(plan: Exclude<LookupDecision, 'refresh'>, kid: string): VerificationKey {
    const key = known?.byKid.get(kid)
    if (key !== undefined && plan !== 'unavailable') return key
    throw plan === 'refuse' ? badSignature() : unavailable()
  }

  /** One attempt, shared; it ends in `known` or `outage` and never rejects. */
  function refresh(): Promise<void> {
    attempt ??= load().finally(() => {
      attempt = undefined
    })
    return attempt
  }

  async function load(): Promise<void> {
    const askedAt = clock.monotonic()
    missing.refreshBegan(askedAt)
    try {
      const byKid = readKeySet(await fetchInTime(), algorithms, known?.byKid)
      if (byKid.size === 0) throw new Error('The key set held no usable key.')
      if (outage !== undefined) tellFresh({ failures: outage.failures }, logger)
      known = { byKid, askedAt }
      outage = undefined
    } catch (cause) {
      const failures = (outage?.failures ?? 0) + 1
      const failedAt = clock.monotonic()
      const pause = backOff(failures, known !== undefined, Math.random())
      outage = { failures, failedAt, retryAt: failedAt + pause, cause }
      tellStale({ failures, ...(known && { ageMs: failedAt - known.askedAt }) }, logger)
    }
  }

  async function fetchInTime(): Promise<unknown> {
    fetching = new AbortController()
    try {
      return await Promise.race([fetchKeys(fetching.signal), deadline(fetching.signal)])
    } finally {
      fetching.abort()
    }
  }

  /** Rejects when the time is up, or when `signal` says that nobody waits any more. */
  async function deadline(signal: AbortSignal): Promise<never> {
    await clock.sleep(attemptMs, signal)
    throw new Error('The key set did not arrive in time.')
  }

  function unavailable(): KeySetError {
    const wait = outage === undefined ? 0 : outage.retryAt - clock.monotonic()
    const seconds = Math.max(1, Math.ceil(wait / 1000))
    return new KeySetError("The project's keys are out of reach.", seconds, outage?.cause)
  }

  return {
    find,
    async warmUp() {
      const factsAboutAny = () => ({
        ...factsAbout('', clock.monotonic()),
        hasKey: known !== undefined,
      })
      const plan = decideLookup(factsAboutAny())
      if (plan === 'refresh') await refresh()
      if (plan === 'use-and-refresh') void refresh()
      if (decideAfterRefresh(factsAboutAny()) === 'unavailable') throw unavailable()
    },
    close() {
      isClosed = true
      fetching?.abort()
    },
  }
}
