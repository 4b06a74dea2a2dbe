import type { Clock } from '../clock.ts'
import { nextPoll } from '../next-poll.ts'
import type { SessionTokens } from '../model/session-tokens.ts'
import type { Result } from '../result.ts'
import type { StateStore } from '../state-store.ts'
import { createHandOver } from './hand-over.ts'
import { type PendingSignIn, pendingLeftMs } from './pending-record.ts'
import type { Sealer } from './seal.ts'

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
   * The session's tokens, unchecked, once it is approved; undefined before that and after a minute.
   * Again and again, so that an answer lost on the way can be asked for again.
   */
  take(pending: PendingSignIn): Promise<SessionTokens | undefined>
  /** Stops a start from completing, whatever the service says. */
  refuse(state: string): Promise<void>
  /** Ends every poller; whoever waits hears `pending`. */
  close(): void
}

/** The pause after each poll. */
const intervalMs = 1000
/** How long a refusal counts: longer than anything that could still complete. */
const refusalMs = 60 * 60 * 1000

interface Poller {
  readonly settled: Promise<PendingState>
  /** Ends the pause between two polls; a poll under way is left to finish. */
  readonly stop: AbortController
  waiters: number
}

/**
 * One poller per pending reference, alive while somebody waits. The answer goes to the store, sealed
 * under a key that takes the pending reference to make: reading the store signs nobody in, and any
 * instance can complete what another one saw approved.
 *
 * A poll is never cut off, because the service may hand a session out once: whatever it answers is
 * kept, even if nobody waits any more.
 */
export function createEnchantedBroker(deps: BrokerDeps): EnchantedBroker {
  const { store, clock, sealer, getSession } = deps
  const pollers = new Map<string, Poller>()
  let closed = false

  const approved = createHandOver(store, sealer, 'approved')
  const refusalKey = (state: string): string => `refused:${sealer.fingerprint('refused', state)}`

  /** What the store knows; undefined when that is nothing yet. */
  async function decided(pending: PendingSignIn): Promise<Decided | undefined> {
    const { state, pendingRef } = pending
    if ((await store.get(refusalKey(state))) !== undefined) return 'refused'
    if (pendingRef !== undefined && (await approved.has(pendingRef))) return 'approved'
    return pendingLeftMs(pending, clock.now()) === 0 ? 'expired' : undefined
  }

  async function poll(
    pending: PendingSignIn,
    isWanted: () => boolean,
    stop: AbortSignal,
  ): Promise<PendingState> {
    let failures = 0
    while (isWanted()) {
      const end = await askOnce(pending, failures)
      if (end.state !== 'pending') return end.state
      failures = end.failures
      // Stopping ends the pause early; whether anybody still waits is asked next.
      await clock.sleep(end.waitMs, stop).catch(() => {})
    }
    return 'pending'
  }

  async function askOnce(pending: PendingSignIn, failures: number): Promise<Poll> {
    if (pendingLeftMs(pending, clock.now()) === 0) return { state: 'expired' }
    // A start that the service refused looks like one that nobody approves.
    if (pending.pendingRef === undefined) {
      return { state: 'pending', waitMs: intervalMs, failures }
    }
    const result = await getSession(pending.pendingRef)
    if (result.ok) {
      await approved.keep(pending.pendingRef, result.data)
      return { state: 'approved' }
    }
    const next = nextPoll(result.error, intervalMs, failures)
    if (next !== undefined) return { state: 'pending', ...next }
    // On a refusal, another instance may have fetched the session.
    const elsewhere = await decided(pending)
    return { state: elsewhere ?? (result.code === 0 ? 'unavailable' : 'expired') }
  }

  function pollerFor(pending: PendingSignIn): Poller {
    const { state } = pending
    const known = pollers.get(state)
    if (known !== undefined) return known
    const stop = new AbortController()
    const poller: Poller = { settled: start(), stop, waiters: 0 }
    pollers.set(state, poller)
    return poller

    async function start(): Promise<PendingState> {
      // Not before it is in the map and has its first waiter.
      await Promise.resolve()
      const isWanted = (): boolean => !stop.signal.aborted && poller.waiters > 0
      try {
        return await poll(pending, isWanted, stop.signal)
      } catch {
        return 'unavailable'
      } finally {
        pollers.delete(state)
      }
    }
  }

  async function wait(
    pending: PendingSignIn,
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<PendingState> {
    const poller = pollerFor(pending)
    const done = new AbortController()
    const gone = (): void => done.abort()
    const tooLong = clock.sleep(waitMs, done.signal).then(pendingState, pendingState)
    signal?.addEventListener('abort', gone)
    if (signal?.aborted === true) gone()
    poller.waiters += 1
    try {
      return await Promise.race([poller.settled, tooLong])
    } finally {
      poller.waiters -= 1
      done.abort()
      signal?.removeEventListener('abort', gone)
    }
  }

  return {
    status: async (pending, waitMs, signal) => {
      try {
        const known = await decided(pending)
        if (known !== undefined || closed) return known ?? 'pending'
        const state = await wait(pending, waitMs, signal)
        // Somebody may have said "this was not me" in the meantime, and that counts for more.
        return (await decided(pending)) ?? state
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
      await store.set(refusalKey(state), '1', refusalMs)
      pollers.get(state)?.stop.abort()
    },
    close: () => {
      closed = true
      for (const { stop } of pollers.values()) stop.abort()
    },
  }
}

/** What one poll came to. */
type Poll =
  | { readonly state: Exclude<PendingState, 'pending'> }
  | { readonly state: 'pending'; readonly waitMs: number; readonly failures: number }

function pendingState(): PendingState {
  return 'pending'
}
