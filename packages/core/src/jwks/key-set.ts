import type { Clock } from '../clock.ts'
import { KeySetError, ServiceError } from '../errors.ts'
import { keysFresh, keysStale } from '../events.ts'
import { badSignature } from '../jwt/signature.ts'
import { type Logger, log } from '../log.ts'
import {
  backOff,
  decideAfterRefresh,
  decideLookup,
  type KeySetFacts,
  type LookupDecision,
} from './refresh-policy.ts'
import { UnknownKids } from './unknown-kids.ts'
import { type ReadKeys, readKeySet, type VerificationKey } from './verification-key.ts'

/** The longest that one attempt, and with it a request, waits for the service, in milliseconds. */
const attemptMs = 5000

/** Whether tokens can be verified. */
export interface KeysHealth {
  /** Without usable keys, checks of tokens fail with a `KeySetError`. */
  readonly usable: boolean
  /** How old they are, in milliseconds; absent without keys, and for those of `publicKey`. */
  readonly ageMs?: number
  /** How many attempts to fetch them have failed in a row. */
  readonly failures: number
}

export interface KeySetDeps {
  readonly clock: Clock
  readonly algorithms: readonly string[]
  readonly logger: Logger | undefined
  /** How long keys are used before they are fetched again, in milliseconds. @default five minutes */
  readonly freshMs?: number
  /** The parsed JSON of the key set; rejects when there is no usable response. */
  readonly fetchKeys: (signal: AbortSignal) => Promise<unknown>
}

interface KnownKeys extends ReadKeys {
  readonly requestedAt: number
}

interface Outage {
  readonly failures: number
  readonly failedAt: number
  readonly retryAt: number
  readonly cause: unknown
}

/** The project's keys, by `kid`. */
export type KeySet = Pick<RefreshedKeySet, 'find' | 'warmUp' | 'health' | 'close'>

/**
 * The key set of the service, kept fresh by the requests that use it: there is no timer. One attempt
 * runs at a time, shared by all who wait; `refresh-policy.ts` decides when. A response without one
 * usable key is a failed attempt, so that an invalid response never empties the set.
 */
export class RefreshedKeySet {
  readonly #deps: KeySetDeps
  readonly #unknown = new UnknownKids()
  #known: KnownKeys | undefined
  #outage: Outage | undefined
  #attempt: Promise<void> | undefined
  #fetching: AbortController | undefined
  #isClosed = false

  constructor(deps: KeySetDeps) {
    this.#deps = deps
  }

  find(kid: string, at?: number): VerificationKey | Promise<VerificationKey> {
    const decision = decideLookup(this.#factsAbout(kid, at), this.#deps.freshMs)
    if (decision === 'refresh') return this.#findAfterRefresh(kid)
    if (decision === 'use-and-refresh') void this.#refresh()
    return this.#settle(decision, kid)
  }

  /** Fetches the keys, unless some can be used without waiting. Throws a `KeySetError` where there are none. */
  async warmUp(): Promise<void> {
    const decision = decideLookup(this.#factsAbout(), this.#deps.freshMs)
    if (decision === 'refresh') await this.#refresh()
    if (decision === 'use-and-refresh') void this.#refresh()
    if (decideAfterRefresh(this.#factsAbout()) === 'unavailable') throw this.#unavailable()
  }

  /** The state of the keys now; nothing is fetched for it. */
  health(): KeysHealth {
    const facts = this.#factsAbout()
    return {
      usable: facts.hasKey && decideAfterRefresh(facts) !== 'unavailable',
      ...(facts.age !== undefined && { ageMs: facts.age }),
      failures: this.#outage?.failures ?? 0,
    }
  }

  /** Ends a running attempt and starts no other; the known keys stay in use. */
  close(): void {
    this.#isClosed = true
    this.#fetching?.abort()
  }

  /** The facts about one key; without a `kid`, about any key of the set. */
  #factsAbout(kid?: string, now: number = this.#deps.clock.monotonic()): KeySetFacts {
    const known = this.#known
    const outage = this.#outage
    const hasKey = kid === undefined ? known !== undefined : (known?.byKid.has(kid) ?? false)
    const isRunning = this.#attempt !== undefined
    const canStart = !this.#isClosed && (outage === undefined || now >= outage.retryAt)
    return {
      hasKey,
      age: known && now - known.requestedAt,
      failedAgo: outage && now - outage.failedAt,
      canRefresh: isRunning || canStart,
      mayRefresh: hasKey || isRunning || kid === undefined || this.#unknown.mayRefresh(kid, now),
      isUnknown: !hasKey && kid !== undefined && this.#unknown.isUnknown(kid, now),
    }
  }

  async #findAfterRefresh(kid: string): Promise<VerificationKey> {
    // The response to an attempt that was already running may predate this key.
    let isConclusive = this.#attempt === undefined
    await this.#refresh()
    if (!isConclusive && decideLookup(this.#factsAbout(kid), this.#deps.freshMs) === 'refresh') {
      await this.#refresh()
      isConclusive = true
    }
    const known = this.#known
    const isInSet = known === undefined || known.byKid.has(kid) || known.undecided.has(kid)
    if (isConclusive && this.#outage === undefined && !isInSet) {
      this.#unknown.add(kid, known.requestedAt)
    }
    return this.#settle(decideAfterRefresh(this.#factsAbout(kid)), kid)
  }

  #settle(decision: Exclude<LookupDecision, 'refresh'>, kid: string): VerificationKey {
    const key = this.#known?.byKid.get(kid)
    if (key !== undefined && decision !== 'unavailable') return key
    throw decision === 'reject' ? badSignature() : this.#unavailable(kid)
  }

  /** One attempt, shared. It sets either the known keys or the outage, and never rejects. */
  #refresh(): Promise<void> {
    this.#attempt ??= this.#load().finally(() => {
      this.#attempt = undefined
    })
    return this.#attempt
  }

  async #load(): Promise<void> {
    const { clock, algorithms } = this.#deps
    const requestedAt = clock.monotonic()
    this.#unknown.refreshBegan(requestedAt)
    try {
      const read = readKeySet(await this.#fetchInTime(), algorithms, this.#known?.byKid)
      if (read.byKid.size === 0) throw new Error('The key set contains no usable key.')
      this.#reportFresh()
      this.#known = { ...read, requestedAt }
      this.#outage = undefined
    } catch (cause) {
      this.#fail(cause)
    }
  }

  #fail(cause: unknown): void {
    const known = this.#known
    const failures = (this.#outage?.failures ?? 0) + 1
    const failedAt = this.#deps.clock.monotonic()
    const asked = cause instanceof ServiceError ? (cause.retryAfterSeconds ?? 0) * 1000 : 0
    const pause = Math.max(asked, backOff(failures, known !== undefined, Math.random()))
    this.#outage = { failures, failedAt, retryAt: failedAt + pause, cause }
    keysStale.publish({ failures, ...(known && { ageMs: failedAt - known.requestedAt }) })
    if (failures > 1) return
    const consequence = known ? 'the known keys stay in use' : 'no keys are known yet'
    log(this.#deps.logger, 'warn', `the key set could not be refreshed; ${consequence}`)
  }

  #reportFresh(): void {
    if (this.#outage === undefined) return
    const { failures } = this.#outage
    keysFresh.publish({ failures })
    const line = `the key set is fresh again after ${failures} failed attempts`
    log(this.#deps.logger, 'warn', line)
  }

  async #fetchInTime(): Promise<unknown> {
    const { clock, fetchKeys } = this.#deps
    const fetching = new AbortController()
    this.#fetching = fetching
    const late = clock.sleep(attemptMs, fetching.signal).then(() => {
      throw new Error('The key set did not arrive in time.')
    })
    try {
      return await Promise.race([fetchKeys(fetching.signal), late])
    } finally {
      fetching.abort()
    }
  }

  #unavailable(kid = ''): KeySetError {
    const outage = this.#outage
    const isUndecided = this.#known?.undecided.has(kid) === true
    const cause = isUndecided
      ? new Error('The key set has two keys of this id, or so many that this one is not read yet.')
      : undefined
    const wait = outage === undefined ? 0 : outage.retryAt - this.#deps.clock.monotonic()
    const seconds = Math.max(1, Math.ceil(wait / 1000))
    return new KeySetError("The project's keys are unavailable.", seconds, outage?.cause ?? cause)
  }
}
