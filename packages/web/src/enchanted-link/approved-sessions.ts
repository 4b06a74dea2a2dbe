import type { Clock, SessionTokens, StateStore } from '@linkpass/core'
import { type Sealer, keepTrying } from '@linkpass/core/internal'
import { findTokens, getHashed, keepTokens } from '../attempt/hashed-keys.ts'

interface ApprovedSessionsDeps {
  readonly store: StateStore
  readonly clock: Clock
  readonly sealer: Sealer
}

const kind = 'approved'

/**
 * Sessions that the service has handed out, until the browsers that wait for them fetch them. The service
 * may hand out a session only once. If the store could not take it, the session would be lost after the
 * user had approved it. So it is held in this process until the store takes it.
 */
export class ApprovedSessions {
  readonly #deps: ApprovedSessionsDeps
  readonly #held = new Map<string, SessionTokens>()
  readonly #closing = new AbortController()

  constructor(deps: ApprovedSessionsDeps) {
    this.#deps = deps
  }

  /**
   * Keeps a session for every instance. While the store is unavailable, it is held in this process, and
   * the store is tried again until `endsAt` (milliseconds since the epoch). Never rejects.
   */
  async keep(pendingRef: string, tokens: SessionTokens, endsAt: number): Promise<void> {
    const { clock } = this.#deps
    this.#held.set(pendingRef, tokens)
    const handOn = async (): Promise<void> => {
      if (clock.now() < endsAt) await keepTokens(this.#deps, kind, pendingRef, tokens)
      this.#held.delete(pendingRef)
    }
    await keepTrying(handOn, clock, this.#closing.signal, everySecond())
  }

  /** Whether there is one. The store is asked only if it is not held in this process. */
  async has(pendingRef: string): Promise<boolean> {
    return (
      this.#held.has(pendingRef) || (await getHashed(this.#deps, kind, pendingRef)) !== undefined
    )
  }

  /** The tokens, unchecked; undefined when there are none, or no longer. */
  async find(pendingRef: string): Promise<SessionTokens | undefined> {
    return this.#held.get(pendingRef) ?? (await findTokens(this.#deps, kind, pendingRef))?.tokens
  }

  /** Stops trying the store again. What is held in this process stays. */
  close(): void {
    this.#closing.abort()
  }
}

function* everySecond(): Generator<number> {
  for (;;) yield 1000
}
