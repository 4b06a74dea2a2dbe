import { type Clock, maxSkewMs as skewMs, type ServiceTime } from '../../clock.ts'
import { randomToken } from '../../crypto/random.ts'
import { hashSubject } from '../../crypto/token-hash.ts'
import { revocationsBehind, revocationsFollowed } from '../../events.ts'
import { onAbort } from '../../on-abort.ts'
import type { StateStore } from '../../store/state-store.ts'
import type { VerifiedToken } from '../verify-token.ts'
import { KnownRevocations, type TokenLookup } from './known-revocations.ts'

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
/** How often what has expired is forgotten, and the service's time asked for while our clock is in doubt. */
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

/** A session token to look up, and the last version of the log that it was not found in. */
export type FollowedToken = TokenLookup & Pick<VerifiedToken, 'absentFromLog'>

export interface RevocationLogDeps {
  /** Guarded; its errors are not ours to report. */
  readonly store: StateStore
  /** Each project has a log of its own, as several may share a store. */
  readonly projectId: string
  readonly clock: Clock
  /** By which buckets are chosen and ages told: instances agree on it, also where their clocks differ. */
  readonly serviceTime: Pick<ServiceTime, 'now' | 'ahead' | 'isClockRight'>
  readonly measure: () => Promise<unknown>
  readonly closing: AbortSignal
}

/**
 * The log of revocations, as this instance follows it: every session token that was ended while it
 * could still be used, so that no request needs the store. The log is one key for each 15 minutes; each
 * instance reads what is new, and a hint brings an entry sooner.
 *
 * An instance whose clock seems to be more than five minutes off does not trust what it reads: it counts as
 * not followed. What it records goes into two buckets, by its own time and by the service's, since either
 * may be the wrong one.
 *
 * It asks for the service's time before the first reading; meanwhile the store is asked. While the service
 * does not tell it, this machine's clock counts as right.
 *
 * It starts with the first look, and has no timer that keeps the process alive.
 */
export class RevocationLog {
  readonly #deps: RevocationLogDeps
  /** Stands for the project in keys and in the channel of hints. */
  readonly #name: string
  /** What hints of this instance say, so that it does not follow its own. */
  readonly #id = randomToken()
  readonly #known = new KnownRevocations()
  /** Changes with each entry and each gap, so that a token is looked up once for each. */
  #version = 1
  readonly #positions = new Map<number, { readonly count: number; readonly last: string }>()
  /** From when on every entry is known, in milliseconds of the wall clock. */
  #knownSince = Number.POSITIVE_INFINITY
  /** When the last complete reading began: monotonic, and of the wall clock. */
  #readAt = Number.NEGATIVE_INFINITY
  #readAtTime = Number.NEGATIVE_INFINITY
  #onRead: (() => void) | undefined
  /** When what has expired was last forgotten: monotonic. */
  #sweptAt = Number.NEGATIVE_INFINITY
  /** When the service's time was last asked for: monotonic. */
  #askedAt = Number.NEGATIVE_INFINITY
  /** The first measurement of it. */
  #measured: Promise<unknown> | undefined
  /** The longest life of a session token that was seen, in seconds. */
  #longestLife = 0
  #isStarted = false
  #isSubscribed = false
  /** Those that came since a reading for hints began. */
  #hints = 0
  #wasFollowed: boolean | undefined

  constructor(deps: RevocationLogDeps) {
    this.#deps = deps
    this.#name = hashSubject(deps.projectId)
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
    const { iat, exp } = verified.validated.token
    this.#longestLife = Math.max(this.#longestLife, exp - iat)
    if (!isCurrent || iat * 1000 - skewMs < this.#knownSince) return undefined
    verified.absentFromLog = this.#version
    return false
  }

  /** Calls `listener` after each reading. */
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

  get #channel(): string {
    return `revoked:${this.#name}`
  }

  #keyOf(bucket: number): string {
    return `revocations:${this.#name}:${bucket}`
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

  #subscribe(): void {
    const { store, closing } = this.#deps
    if (this.#isSubscribed || store.subscribe === undefined) return
    this.#isSubscribed = true
    store
      .subscribe(this.#channel, (from) => {
        if (from !== this.#id) void this.#readForHint()
      })
      .then((stop) => onAbort(closing, stop))
      // The next reading tries again.
      .catch(() => (this.#isSubscribed = false))
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
    await Promise.all(buckets.map((bucket) => this.#readBucket(bucket)))
    // It may have been found wrong meanwhile.
    if (!serviceTime.isClockRight()) return this.#startOver()
    if (!isResumed) {
      this.#knownSince = first * bucketMs
      // What was recorded in the gap may be in no bucket any more.
      this.#version += 1
    }
    this.#readAt = startedAt
    this.#readAtTime = now
  }

  /** By a wrong clock, other buckets were read than those of the other instances: all are read again. */
  #startOver(): void {
    this.#readAtTime = Number.NEGATIVE_INFINITY
    this.#positions.clear()
  }

  /**
   * Asks for the service's time while it is unknown or far from ours: at first, which is waited for, and then
   * once a minute. If the first fails, this machine's clock counts.
   */
  #measure(): Promise<unknown> | undefined {
    const { clock, serviceTime, measure } = this.#deps
    const isDue = clock.monotonic() - this.#askedAt >= minuteMs
    if (isDue && (serviceTime.ahead() === undefined || !serviceTime.isClockRight())) {
      this.#askedAt = clock.monotonic()
      const measured = measure().catch(() => {})
      this.#measured ??= measured
    }
    return this.#measured
  }

  /** Reads what is new, and the last entry before it: a server that lost some is read from the start. */
  async #readBucket(bucket: number): Promise<void> {
    const { store } = this.#deps
    const { count, last } = this.#positions.get(bucket) ?? { count: 0, last: '' }
    const start = Math.max(0, count - 1)
    const found = await store.readFrom(this.#keyOf(bucket), start)
    const isAsBefore = count === 0 || found[0] === last
    const all = isAsBefore ? found : await store.readFrom(this.#keyOf(bucket), 0)
    const offset = isAsBefore ? start : 0
    this.#add(isAsBefore && count > 0 ? all.slice(1) : all)
    const youngest = all.at(-1)
    if (youngest !== undefined) {
      this.#positions.set(bucket, { count: offset + all.length, last: youngest })
    } else this.#positions.delete(bucket)
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
    const second = (now - skewMs) / 1000
    const needed = second - Math.max(this.#longestLife, horizonMs / 1000)
    this.#known.forget(second, needed)
    // A token with a longer life than any before it may need what was forgotten.
    this.#knownSince = Math.max(this.#knownSince, needed * 1000)
    const oldest = bucketAt(now - horizonMs - skewMs)
    for (const bucket of this.#positions.keys()) {
      if (bucket < oldest) this.#positions.delete(bucket)
    }
  }
}

function bucketAt(time: number): number {
  return Math.floor(time / bucketMs)
}
