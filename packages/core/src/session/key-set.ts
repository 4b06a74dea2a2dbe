import type { Clock } from '../clock.ts'
import { KeySetError, TokenError } from '../errors.ts'
import type { Logger } from '../options.ts'
import { backOff, planAfterRefresh, planLookup } from './key-set-plan.ts'
import { createMissingKids } from './missing-kids.ts'
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
  const missing = createMissingKids()
  const closing = new AbortController()
  let known: KnownKeys | undefined
  let outage: Outage | undefined
  let attempt: Promise<void> | undefined

  function factsAbout(kid: string, now: number) {
    const canStart = !closing.signal.aborted && (outage === undefined || now >= outage.retryAt)
    return {
      hasKey: known?.byKid.has(kid) ?? false,
      age: known && now - known.askedAt,
      failedAgo: outage && now - outage.failedAt,
      mayRefresh: attempt !== undefined || canStart,
      mayAsk: attempt !== undefined || missing.mayAsk(kid, now),
    }
  }

  function find(kid: string): VerificationKey | Promise<VerificationKey> {
    const plan = planLookup(factsAbout(kid, clock.monotonic()))
    if (plan === 'refresh') return findAfterRefresh(kid)
    if (plan === 'use-and-refresh') void refresh()
    return settle(plan, kid)
  }

  async function findAfterRefresh(kid: string): Promise<VerificationKey> {
    const joined = attempt !== undefined
    await refresh()
    // An attempt that was under way may have been answered before this key was published.
    if (joined && planLookup(factsAbout(kid, clock.monotonic())) === 'refresh') await refresh()
    const plan = planAfterRefresh(factsAbout(kid, clock.monotonic()))
    if (plan === 'refuse' && known !== undefined) missing.wasMissing(kid, known.askedAt)
    return settle(plan, kid)
  }

  function settle(
    plan: 'use' | 'use-and-refresh' | 'refuse' | 'unavailable',
    kid: string,
  ): VerificationKey {
    const key = known?.byKid.get(kid)
    if (key !== undefined && plan !== 'unavailable') return key
    if (plan === 'refuse') {
      throw new TokenError('ERR_TOKEN_SIGNATURE', 'A token must be signed by a key of the project.')
    }
    throw unavailable()
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
      if (outage !== undefined) logger?.warn('Key set: the service answers again.')
      known = { byKid, askedAt }
      outage = undefined
    } catch (cause) {
      const failures = (outage?.failures ?? 0) + 1
      const failedAt = clock.monotonic()
      const pause = backOff(failures, known !== undefined, Math.random())
      outage = { failures, failedAt, retryAt: failedAt + pause, cause }
      if (failures === 1) {
        logger?.warn(
          `Key set: no usable answer; ${known ? 'the last good keys stay in use' : 'no key is known yet'}.`,
        )
      }
    }
  }

  async function fetchInTime(): Promise<unknown> {
    const ended = new AbortController()
    const signal = AbortSignal.any([ended.signal, closing.signal])
    try {
      return await Promise.race([fetchKeys(signal), deadline(signal)])
    } finally {
      ended.abort()
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
      const plan = planLookup({ ...factsAbout('', clock.monotonic()), hasKey: known !== undefined })
      if (plan === 'refresh') await refresh()
      if (plan === 'use-and-refresh') void refresh()
      if (known === undefined) throw unavailable()
    },
    close: () => closing.abort(),
  }
}

/**
 * A key set that never changes: the `publicKey` option, a JWK, a JWKS, or the JSON of one.
 *
 * @throws {TypeError} it holds no usable key
 */
export function createStaticKeySet(
  publicKey: string | object,
  algorithms: readonly string[],
): KeySet {
  const keys = readKeySet(asSet(publicKey), algorithms)
  if (keys.size === 0) {
    throw new TypeError(
      'publicKey must be a JWK or a JWKS (or the JSON of one) with a public key that has a "kid".',
    )
  }
  return {
    find(kid) {
      const key = keys.get(kid)
      if (key !== undefined) return key
      throw new TokenError('ERR_TOKEN_SIGNATURE', 'A token must be signed by a key of the project.')
    },
    warmUp: async () => {},
    close: () => {},
  }
}

function asSet(publicKey: string | object): unknown {
  const value = typeof publicKey === 'string' ? parseOrNothing(publicKey) : publicKey
  return typeof value === 'object' && value !== null && 'keys' in value ? value : { keys: [value] }
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
