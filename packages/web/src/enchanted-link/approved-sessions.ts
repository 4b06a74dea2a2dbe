import type { Clock, SessionTokens, StateStore } from '@linkpass/core'
import { createOneTimeResults } from '../attempt/one-time-results.ts'
import type { Sealer } from '@linkpass/core/internal'

/** The sessions that the service handed out, until the browsers they are for have fetched them. */
export interface ApprovedSessions {
  /**
   * Keeps a session where every instance finds it. While the store is out of reach it is kept here,
   * for this instance, and tried again until `endsAt` (milliseconds since the epoch). Never rejects.
   */
  keep(pendingRef: string, tokens: SessionTokens, endsAt: number): Promise<void>
  /** Whether there is one. The store is asked only if it is not held here. */
  has(pendingRef: string): Promise<boolean>
  /** The tokens, unchecked; undefined when there are none, or no longer. */
  find(pendingRef: string): Promise<SessionTokens | undefined>
  /** Ends the attempts; what is held here stays for as long as the process does. */
  close(): void
}

/** What {@link createApprovedSessions} is made of. */
export interface ApprovedSessionsDeps {
  readonly store: StateStore
  readonly clock: Clock
  readonly sealer: Sealer
}

/** The pause before the store is tried again. */
const retryMs = 1000

/**
 * The service may hand a session out once, so one that the store could not take would be lost, and
 * its person would have approved for nothing.
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
      // Rejects when it is closed; what is held stays.
      void tryAgain(pendingRef, endsAt).catch(() => {})
    },
    has: async (pendingRef) => held.has(pendingRef) || results.has(pendingRef),
    find: async (pendingRef) => held.get(pendingRef) ?? results.find(pendingRef),
    close: () => closing.abort(),
  }
}
