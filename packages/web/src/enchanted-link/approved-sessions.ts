import type { Clock, SessionTokens, StateStore } from '@linkpass/core'
import { type OneTimeResults, createOneTimeResults } from '../attempt/hashed-keys.ts'
import type { Sealer } from '@linkpass/core/internal'

/** The pause before the store is tried again. */
const retryMs = 1000

/**
 * Sessions that the service has handed out, until the browsers that wait for them fetch them. The service
 * may hand out a session only once. If the store could not take it, the session would be lost after the
 * user had approved it. So it is held in this process until the store takes it.
 */
export class ApprovedSessions {
  readonly #clock: Clock
  readonly #results: OneTimeResults
  readonly #held = new Map<string, SessionTokens>()
  readonly #closing = new AbortController()

  constructor(store: StateStore, clock: Clock, sealer: Sealer) {
    this.#clock = clock
    this.#results = createOneTimeResults(store, sealer, 'approved')
  }

  /**
   * Keeps a session for every instance. While the store is unavailable, it is held in this process, and
   * the store is tried again until `endsAt` (milliseconds since the epoch). Never rejects.
   */
  async keep(pendingRef: string, tokens: SessionTokens, endsAt: number): Promise<void> {
    this.#held.set(pendingRef, tokens)
    if (await this.#handOn(pendingRef, tokens)) return
    // Rejects when it is closed. What is held stays.
    void this.#tryAgain(pendingRef, endsAt).catch(() => {})
  }

  /** Whether there is one. The store is asked only if it is not held in this process. */
  async has(pendingRef: string): Promise<boolean> {
    return this.#held.has(pendingRef) || this.#results.has(pendingRef)
  }

  /** The tokens, unchecked; undefined when there are none, or no longer. */
  async find(pendingRef: string): Promise<SessionTokens | undefined> {
    return this.#held.get(pendingRef) ?? (await this.#results.find(pendingRef))?.tokens
  }

  /** Stops trying the store again. What is held in this process stays. */
  close(): void {
    this.#closing.abort()
  }

  async #handOn(pendingRef: string, tokens: SessionTokens): Promise<boolean> {
    try {
      await this.#results.keep(pendingRef, tokens)
      this.#held.delete(pendingRef)
      return true
    } catch {
      return false
    }
  }

  async #tryAgain(pendingRef: string, endsAt: number): Promise<void> {
    for (;;) {
      await this.#clock.sleep(retryMs, this.#closing.signal)
      const tokens = this.#held.get(pendingRef)
      if (tokens === undefined || (await this.#handOn(pendingRef, tokens))) return
      if (this.#clock.now() >= endsAt) return void this.#held.delete(pendingRef)
    }
  }
}
