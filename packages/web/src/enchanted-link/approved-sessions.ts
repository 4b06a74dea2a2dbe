import type { Clock, SessionTokens, StateStore } from '@linkpass/core'
import { createOneTimeResults } from '../attempt/one-time-results.ts'
import type { Sealer } from '@linkpass/core/internal'

/** Sessions that the service has handed out, until the browsers that wait for them fetch them. */
export interface ApprovedSessions {
  /**
   * Keeps a session for every instance. While the store is unavailable, it is held in this process, and
   * the store is tried again until `endsAt` (milliseconds since the epoch). Never rejects.
   */
  keep(pendingRef: string, tokens: SessionTokens, endsAt: number): Promise<void>
  /** Whether there is one. The store is asked only if it is not held in this process. */
  has(pendingRef: string): Promise<boolean>
  /** The tokens, unchecked; undefined when there are none, or no longer. */
  find(pendingRef: string): Promise<SessionTokens | undefined>
  /** Stops trying the store again. What is held in this process stays. */
  close(): void
}

/** Dependencies of {@link ApprovedSessions}. */
export interface ApprovedSessionsDeps {
  readonly store: StateStore
  readonly clock: Clock
  readonly sealer: Sealer
}

/** The pause before the store is tried again. */
const retryMs = 1000

/**
 * The service may hand out a session only once. If the store could not take it, the session would be
 * lost after the user had approved it. So it is held in this process until the store takes it.
 */
export function createApprovedSessions(deps: ApprovedSessionsDeps): ApprovedSessions {
  const { store, clock, sealer } = deps
  const results = createOneTimeResults(store, sealer, 'approved')
  const held = new Map<string, SessionTokens>()
  const closing = new AbortController()

  async function handOn(pendingRef: string, tokens: SessionTokens): Promise<boolean> {
    try {
      await results.keep(pendingRef, tokens)
      held.delete(pendingRef)
      return true
    } catch {
      return false
    }
  }

  async function tryAgain(pendingRef: string, endsAt: number): Promise<void> {
    for (;;) {
      await clock.sleep(retryMs, closing.signal)
      const tokens = held.get(pendingRef)
      if (tokens === undefined || (await handOn(pendingRef, tokens))) return
      if (clock.now() >= endsAt) return void held.delete(pendingRef)
    }
  }

  return {
    keep: async (pendingRef, tokens, endsAt) => {
      held.set(pendingRef, tokens)
      if (await handOn(pendingRef, tokens)) return
      // Rejects when it is closed. What is held stays.
      void tryAgain(pendingRef, endsAt).catch(() => {})
    },
    has: async (pendingRef) => held.has(pendingRef) || results.has(pendingRef),
    find: async (pendingRef) => held.get(pendingRef) ?? (await results.find(pendingRef))?.tokens,
    close: () => closing.abort(),
  }
}
