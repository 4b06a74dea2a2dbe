import type { Clock, SessionTokens } from '@linkpass/core'
import { keepTrying } from '@linkpass/core/internal'
import type { HashedEntries } from '../attempt/hashed-entries.ts'

const kind = 'approved'

/**
 * Sessions that the service has handed out, until the browsers that wait for them fetch them. The service
 * may hand out a session only once. If the store could not take it, the session would be lost after the
 * user had approved it. So it is held in this process until the store takes it.
 */
export class ApprovedSessions {
  readonly #entries: HashedEntries
  readonly #clock: Clock
  readonly #held = new Map<string, SessionTokens>()
  readonly #closing = new AbortController()

  constructor(entries: HashedEntries, clock: Clock) {
    this.#entries = entries
    this.#clock = clock
  }

  /**
   * Keeps a session for every instance. While the store is unavailable, it is held in this process, and
   * the store is tried again until `endsAt` (milliseconds since the epoch). Never rejects.
   */
  async keep(pendingRef: string, tokens: SessionTokens, endsAt: number): Promise<void> {
    this.#held.set(pendingRef, tokens)
    const handOn = async (): Promise<void> => {
      if (this.#clock.now() < endsAt) await this.#entries.keepTokens(kind, pendingRef, tokens)
      this.#held.delete(pendingRef)
    }
    await keepTrying(handOn, this.#clock, this.#closing.signal, everySecond())
  }

  /** The tokens, unchecked; undefined when there are none, or no longer. The store is asked last. */
  async find(pendingRef: string): Promise<SessionTokens | undefined> {
    return this.#held.get(pendingRef) ?? (await this.#entries.findTokens(kind, pendingRef))?.tokens
  }

  /** Stops trying the store again. What is held in this process stays. */
  close(): void {
    this.#closing.abort()
  }
}

function* everySecond(): Generator<number> {
  for (;;) yield 1000
}
