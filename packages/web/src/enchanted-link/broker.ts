import type { Clock, SessionTokens, Result, StateStore } from '@linkpass/core'
import { nextPoll, onAbort, type Sealer } from '@linkpass/core/internal'
import { createApprovedSessions } from './approved-sessions.ts'
import { createHashedKeys } from '../attempt/hashed-keys.ts'
import {
  type PendingSignIn,
  completionLifetimeMs,
  pendingLeftMs,
  refusalLifetimeMs,
} from './pending-sign-in.ts'

/** How an enchanted sign-in stands. `unavailable` says nothing about it: ask again. */
export type PendingState = 'pending' | 'approved' | 'refused' | 'expired' | 'unavailable'

type Decided = Exclude<PendingState, 'pending' | 'unavailable'>

/** What {@link createEnchantedBroker} is made of. */
export interface BrokerDeps {
  /** Asks the service once. */
  readonly getSession: (pendingRef: string) => Promise<Result<SessionTokens>>
  readonly store: StateStore
  readonly clock: Clock
  readonly sealer: Sealer
}

/** Stands between the browsers that wait and the service that knows. */
export interface EnchantedBroker {
  /**
   * How a sign-in stands: at once when that is decided, else after at most `waitMs`, or when the
   * signal aborts. Any number of askers share one poller.
   */
  status(pending: PendingSignIn, waitMs: number, signal?: AbortSignal): Promise<PendingState>
  /**
   * The session's tokens, unchecked, once it is approved; undefined before that, and a minute after
   * the store took them. Again and again, so that an answer lost on the way can be asked for again.
   */
  take(pending: PendingSignIn): Promise<SessionTokens | undefined>
  /**
   * Stops an attempt from completing, whatever the service says. False where it comes too late: the
   * attempt has completed, and nothing is stopped.
   */
  refuse(state: string): Promise<boolean>
  /** Whether somebody stopped it. */
  isRefused(state: string): Promise<boolean>
  /** Notes that an attempt has completed, so that nobody is told it was stopped. Never rejects. */
  completed(state: string): Promise<void>
  /** Ends every poller; whoever waits hears `pending`. */
  close(): void
}

/** The pause after each poll. */
const intervalMs = 1000

interface Poller {
  /** Resolves once there is news, or nobody waits any more. Never rejects. */
  readonly settled: Promise<void>
  /** Ends every wait, and the pause between two polls; a poll under way is left to finish. */
  readonly stop: AbortController
  waiters: number
}

/** What is asked next, and after which pause. */
interface Turn {
  /** What the service is asked with; undefined when it has no more to say, or never had. */
  readonly reference: string | undefined
  readonly waitMs: number
  readonly failures: number
}

const watchStore: Turn = { reference: undefined, waitMs: intervalMs, failures: 0 }

/**
 * One poller per pending reference, alive while somebody waits. The answer goes to the store, sealed
 * under a key that takes the pending reference to make: reading the store signs nobody in, and any
 * instance can complete what another one saw approved.
 *
 * A poll is never cut off, because the service may hand a session out once: whatever it answers is
 * kept, even if nobody waits any more.
 *
 * Of what the service says, only an approval is passed on. An attempt that it refused has nothing to
 * be asked with, so a browser that heard of an expired link, or of an outage, would know that its
 * address has an account. Both kinds hear `pending` until their time is over, from the same clock.
 */
export function createEnchantedBroker(deps: BrokerDeps): EnchantedBroker {
  const { store, clock, sealer, getSession } = deps
  const pollers = new Map<string, Poller>()
  let closed = false

  const approved = createApprovedSessions({ store, clock, sealer })
  const refusals = createHashedKeys(store, sealer, 'refused')
  const completions = createHashedKeys(store, sealer, 'signed-in')

  async function isRefused(state: string): Promise<boolean> {
    return (await refusals.get(state)) !== undefined
  }

  /** What is known here and in the store; undefined when that is nothing yet. */
  async function decided(pending: PendingSignIn): Promise<Decided | undefined> {
    const { state, pendingRef } = pending
    if (await isRefused(state)) return 'refused'
    // Asked where there is no reference too: a store that is slow or fails is so for both kinds.
    if (await approved.has(pendingRef ?? state)) return 'approved'
    return pendingLeftMs(pending, clock.now()) === 0 ? 'expired' : undefined
  }

  async function poll(
    pending: PendingSignIn,
    isWanted: () => boolean,
    stop: AbortSignal,
  ): Promise<void> {
    let turn: Turn | undefined = { ...watchStore, reference: pending.pendingRef }
    while (isWanted()) {
      turn = await ask(pending, turn)
      if (turn === undefined) return
      // Stopping ends the pause early; whether anybody still waits is asked next.
      await clock.sleep(turn.waitMs, stop).catch(() => {})
    }
  }

  /** One question to the service, or to the store; undefined once it is decided. */
  async function ask(
    pending: PendingSignIn,
    { reference, failures }: Turn,
  ): Promise<Turn | undefined> {
    if (reference === undefined) {
      const known = await decided(pending).catch(() => undefined)
      return known === undefined ? watchStore : undefined
    }
    const result = await getSession(reference).catch(() => undefined)
    // What nobody thought of is no verdict.
    if (result === undefined) return ask(pending, watchStore)
    if (result.ok) {
      await approved.keep(reference, result.data, pending.createdAt + pending.lifetimeMs)
      return undefined
    }
    const next = nextPoll(result.error, intervalMs, failures)
    // After a last word, another instance may have fetched the session.
    return next === undefined ? ask(pending, watchStore) : { reference, ...next }
  }

  function pollerFor(pending: PendingSignIn): Poller {
    const { state } = pending
    const known = pollers.get(state)
    if (known !== undefined) return known
    const stop = new AbortController()
    const poller: Poller = { settled: run(), stop, waiters: 0 }
    pollers.set(state, poller)
    return poller

    function isWanted(): boolean {
      const isOver = stop.signal.aborted || pendingLeftMs(pending, clock.now()) === 0
      return poller.waiters > 0 && !isOver
    }

    async function run(): Promise<void> {
      // Not before it is in the map and has its first waiter.
      await Promise.resolve()
      await poll(pending, isWanted, stop.signal)
      pollers.delete(state)
    }
  }

  /** Waits for news: so long, while the sign-in may be waited for at all, and until it is stopped. */
  async function wait(
    pending: PendingSignIn,
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const poller = pollerFor(pending)
    const done = new AbortController()
    const unfollow = [poller.stop.signal, signal].map(
      (ending) => ending && onAbort(ending, () => done.abort()),
    )
    const longestMs = Math.min(waitMs, pendingLeftMs(pending, clock.now()))
    const tooLong = clock.sleep(longestMs, done.signal).catch(() => {})
    poller.waiters += 1
    try {
      await Promise.race([poller.settled, tooLong])
    } finally {
      poller.waiters -= 1
      done.abort()
      for (const stop of unfollow) stop?.()
    }
  }

  return {
    status: async (pending, waitMs, signal) => {
      try {
        const known = await decided(pending)
        if (known !== undefined || closed) return known ?? 'pending'
        await wait(pending, waitMs, signal)
        return (await decided(pending)) ?? 'pending'
      } catch {
        return 'unavailable'
      }
    },
    take: async (pending) => {
      if (pending.pendingRef === undefined) return undefined
      if ((await decided(pending)) !== 'approved') return undefined
      return approved.find(pending.pendingRef)
    },
    refuse: async (state) => {
      if ((await completions.get(state)) !== undefined) return false
      await refusals.set(state, '1', refusalLifetimeMs)
      pollers.get(state)?.stop.abort()
      return true
    },
    // Worst case, a late "this was not me" is told that it was in time.
    completed: (state) => completions.set(state, '1', completionLifetimeMs).catch(() => {}),
    isRefused,
    close: () => {
      closed = true
      approved.close()
      for (const { stop } of pollers.values()) stop.abort()
    },
  }
}
