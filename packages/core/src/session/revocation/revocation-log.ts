import { type Clock, maxSkewMs as skewMs, type ServiceTime } from '../../clock.ts'
import { randomToken } from '../../crypto/random.ts'
import { hashSubject } from '../../crypto/token-hash.ts'
import { revocationsBehind, revocationsFollowed } from '../../events.ts'
import { createSubscription } from '../../store/background.ts'
import type { StateStore } from '../../store/state-store.ts'
import type { VerifiedToken } from '../verify-token.ts'
import { KnownRevocations, type TokenLookup } from './known-revocations.ts'
import { LogReader } from './log-reader.ts'

/** How often the log is read, in milliseconds, if no hint comes. */
const followMs = 750
/** How old what is known may be; past that, the store is asked. */
const maxAgeMs = 1000
/** A bucket of the log: what was recorded in 15 minutes. */
const bucketMs = 15 * 60_000
/** How far back an instance reads when it starts, in milliseconds. */
const horizonMs = 60 * 60_000
/** How long a bucket lives after its last entry, in milliseconds: longer than anyone reads back. */
const bucketTtlMs = horizonMs + 2 * bucketMs
const minuteMs = 60_000

/** Whether this instance knows which sessions were revoked. */
export interface RevocationLogHealth {
  /** Whether what it knows is at most a second old. */
  readonly followed: boolean
  /** How old it is, in milliseconds; absent before the log was read. */
  readonly ageMs?: number
  /** How many revoked tokens and users it holds. */
  readonly entries: number
}

export type FollowedToken = TokenLookup & Pick<VerifiedToken, 'absentFromLog'>

export interface RevocationLogDeps {
  readonly store: StateStore
  /** Each project has a log of its own, since several may share a store. */
  readonly projectId: string
  readonly clock: Clock
  /** By which buckets are chosen and ages told: instances agree on it, also where their clocks differ. */
  readonly serviceTime: Pick<ServiceTime, 'now' | 'ahead' | 'isClockRight'>
  readonly measure: () => Promise<unknown>
  readonly closing: AbortSignal
}

/**
 * The log of revocations, as this instance follows it from the first look on, so that no request needs the
 * store. It is one key for each 15 minutes. Each instance reads what is new; a hint brings an entry sooner.
 *
 * An instance whose clock seems to be more than five minutes off does not trust what it reads: the log counts
 * as not followed. What it records goes into two buckets, by its own time and by the service's, since either
 * may be the wrong one. While the service does not tell its time, this machine's clock counts as right.
 */
export class RevocationLog {
  readonly #deps: RevocationLogDeps
  readonly #channel: string
  readonly #keyOf: (bucket: number) => string
  /** What hints of this instance say, so that it does not follow its own. */
  readonly #id = randomToken()
  readonly #known = new KnownRevocations()
  /** Changes with each entry and each gap, so that a token is looked up once for each. */
  #version = 1
  readonly #reader: LogReader
  readonly #subscribe: () => void
  /** When the last complete reading began: monotonic, like each `…At`, and of the wall clock. */
  #readAt = Number.NEGATIVE_INFINITY
  #readAtTime = Number.NEGATIVE_INFINITY
  #onRead: (() => void) | undefined
  #sweptAt = Number.NEGATIVE_INFINITY
  #measuredAt = Number.NEGATIVE_INFINITY
  /** The first measurement of the service's time. */
  #measured: Promise<unknown> | undefined
  #isStarted = false
  /** Those that came since a reading for hints began. */
  #hints = 0
  #wasFollowed: boolean | undefined

  constructor(deps: RevocationLogDeps) {
    this.#deps = deps
    const project = hashSubject(deps.projectId)
    this.#channel = `revoked:${project}`
    this.#keyOf = (bucket) => `revocations:${project}:${bucket}`
    this.#reader = new LogReader(deps.store, this.#keyOf)
    this.#subscribe = createSubscription(deps.store, this.#channel, deps.closing, (from) => {
      if (from !== this.#id) void this.#readForHint()
    })
  }

  health(): RevocationLogHealth {
    const ageMs = this.#ageMs()
    return {
      followed: ageMs <= maxAgeMs,
      ...(Number.isFinite(ageMs) && { ageMs }),
      entries: this.#known.size,
    }
  }

  #ageMs(at: number = this.#deps.clock.monotonic()): number {
    return at - this.#readAt
  }

  /**
   * Whether a session token was revoked; undefined if only the store can tell. What is known to be revoked
   * stays so, however old that is. Starts to follow.
   *
   * @param at the monotonic time, where it was read just now
   */
  find(verified: FollowedToken, at?: number): boolean | undefined {
    this.start()
    const isCurrent = this.#ageMs(at) <= maxAgeMs
    if (isCurrent && verified.absentFromLog === this.#version) return false
    if (this.#known.includes(verified)) return true
    const isComplete = this.#known.isCompleteFor(verified)
    if (!isCurrent || !isComplete) return undefined
    verified.absentFromLog = this.#version
    return false
  }

  /** Calls `listener` after each reading, in place of any given before. */
  onRead(listener: () => void): void {
    this.#onRead = listener
  }

  /** Tells every instance, and knows it itself. */
  async append(entry: string): Promise<void> {
    const { store, clock, serviceTime } = this.#deps
    const times = [serviceTime.now()]
    if (!serviceTime.isClockRight()) times.push(clock.now() + Number(serviceTime.ahead()))
    const buckets = new Set(times.map(bucketAt))
    await Promise.all(
      Array.from(buckets, (bucket) => store.append(this.#keyOf(bucket), entry, bucketTtlMs)),
    )
    this.#add([entry])
    // No logout waits for the hint. It tells no more than that there is something to read.
    void store.publish?.(this.#channel, this.#id).catch(() => {})
  }

  /** Starts to follow, once; ends when the client is closed. */
  start(): void {
    if (this.#isStarted || this.#deps.closing.aborted) return
    this.#isStarted = true
    void this.#follow()
  }

  /** Reads the log now, and resolves when it was read; never rejects. */
  async read(): Promise<void> {
    this.start()
    await this.#read().catch(() => {})
    this.#sweep()
    try {
      this.#onRead?.()
    } catch {
      // The log is followed all the same.
    }
  }

  async #follow(): Promise<void> {
    const { clock, closing } = this.#deps
    while (!closing.aborted) {
      this.#subscribe()
      await this.read()
      this.#reportChange()
      await clock.sleep(followMs, closing, { ref: false }).catch(() => {})
    }
  }

  #reportChange(): void {
    const { followed, ageMs, entries } = this.health()
    if (followed === this.#wasFollowed) return
    this.#wasFollowed = followed
    if (followed) revocationsFollowed.publish({ entries })
    else revocationsBehind.publish(ageMs === undefined ? {} : { ageMs })
  }

  /** Hints that come during a reading cause one more, however many they are. */
  async #readForHint(): Promise<void> {
    this.#hints += 1
    if (this.#hints > 1) return
    for (let seen = 0; seen < this.#hints;) {
      seen = this.#hints
      await this.read()
    }
    this.#hints = 0
  }

  async #read(): Promise<void> {
    const { clock, serviceTime } = this.#deps
    await this.#measure()
    if (!serviceTime.isClockRight()) return this.#startOver()
    const startedAt = clock.monotonic()
    const now = serviceTime.now()
    const sinceMs = startedAt - this.#readAt
    const movedMs = now - this.#readAtTime - sinceMs
    // A clock that was set may have had other buckets read before.
    const isResumed = sinceMs < horizonMs && Math.abs(movedMs) <= skewMs
    const from = isResumed ? Math.min(now, this.#readAtTime) - skewMs : now - horizonMs - skewMs
    const [first, last] = [bucketAt(from), bucketAt(now + skewMs)]
    const buckets = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    await Promise.all(buckets.map(async (bucket) => this.#add(await this.#reader.readNew(bucket))))
    // It may have been found wrong meanwhile.
    if (!serviceTime.isClockRight()) return this.#startOver()
    if (!isResumed) {
      this.#known.completeSince(first * bucketMs)
      // What was recorded in the gap may be in no bucket any more.
      this.#version += 1
    }
    this.#readAt = startedAt
    this.#readAtTime = now
  }

  /** By a wrong clock, other buckets were read than those of the other instances: all are read again. */
  #startOver(): void {
    this.#readAtTime = Number.NEGATIVE_INFINITY
    this.#reader.startOver()
  }

  /**
   * Asks for the service's time while it is unknown or far from ours: at first, which is waited for, and then
   * once a minute. If the first fails, this machine's clock counts.
   */
  #measure(): Promise<unknown> | undefined {
    const { clock, serviceTime, measure } = this.#deps
    const isDue = clock.monotonic() - this.#measuredAt >= minuteMs
    if (isDue && (serviceTime.ahead() === undefined || !serviceTime.isClockRight())) {
      this.#measuredAt = clock.monotonic()
      const measured = measure().catch(() => {})
      this.#measured ??= measured
    }
    return this.#measured
  }

  #add(texts: readonly string[]): void {
    this.#known.add(texts, this.#deps.serviceTime.now() / 1000)
    if (texts.length > 0) this.#version += 1
  }

  /** Forgets once a minute what no token can need: each has expired. By a wrong clock, too. */
  #sweep(): void {
    const { clock, serviceTime } = this.#deps
    if (clock.monotonic() - this.#sweptAt < minuteMs) return
    this.#sweptAt = clock.monotonic()
    const now = serviceTime.now()
    this.#known.forget(now, horizonMs)
    this.#reader.forgetBefore(bucketAt(now - horizonMs - skewMs))
  }
}

function bucketAt(time: number): number {
  return Math.floor(time / bucketMs)
}
