import type { Clock, SessionTokens } from '@linkpass/core'
import { Unsaved } from '@linkpass/core/internal'
import type { HashedEntries } from '../attempt/hashed-entries.ts'

const kind = 'approved'

/**
 * Sessions that the service has handed out, until the browsers that wait for them fetch them. The service may
 * do so only once, so a session is held in this process until the store takes it.
 */
export class ApprovedSessions {
  readonly #entries: HashedEntries
  readonly #unsaved: Unsaved<SessionTokens>
  readonly #closing = new AbortController()

  constructor(entries: HashedEntries, clock: Clock) {
    this.#entries = entries
    this.#unsaved = new Unsaved(clock, this.#closing.signal)
  }

  /** Keeps a session. The store is tried until `endsAt` (milliseconds since the epoch). Never rejects. */
  async keep(pendingRef: string, tokens: SessionTokens, endsAt: number): Promise<void> {
    await this.#unsaved.save(pendingRef, tokens, endsAt, () =>
      this.#entries.keepTokens(kind, pendingRef, tokens),
    )
  }

  /** The tokens, unchecked; undefined when there are none, or no longer. The store is asked last. */
  async find(pendingRef: string): Promise<SessionTokens | undefined> {
    return (
      this.#unsaved.get(pendingRef) ?? (await this.#entries.findTokens(kind, pendingRef))?.tokens
    )
  }

  /** Stops trying the store again. What is held in this process stays. */
  close(): void {
    this.#closing.abort()
  }
}
