import type { Clock, Result, SessionTokens, StateStore } from '@linkpass/core'
import type { Sealer } from '@linkpass/core/internal'
import { type HashedKeys, createHashedKeys } from '../attempt/hashed-keys.ts'
import { type ApprovedSessions, createApprovedSessions } from './approved-sessions.ts'
import {
  type PendingSignIn,
  completionLifetimeMs,
  pendingLeftMs,
  refusalLifetimeMs,
} from './pending-sign-in.ts'
import { Poller, type PollerDeps } from './poller.ts'

/** How an enchanted attempt stands. `unavailable` says nothing about it: ask again. */
export type PendingState = 'pending' | 'approved' | 'refused' | 'expired' | 'unavailable'

type Decided = Exclude<PendingState, 'pending' | 'unavailable'>

/** Dependencies of an {@link EnchantedBroker}. */
export interface BrokerDeps {
  /** Asks the service once. */
  readonly getSession: (pendingRef: string) => Promise<Result<SessionTokens>>
  readonly store: StateStore
  readonly clock: Clock
  readonly sealer: Sealer
}

/** Stands between the browsers that wait for an approval and the service that knows of it. */
export interface EnchantedBroker {
  /**
   * How an attempt stands: at once when it is decided, else after at most `waitMs`, or when the signal
   * aborts. Any number of requests share one poller.
   */
  status(pending: PendingSignIn, waitMs: number, signal?: AbortSignal): Promise<PendingState>
  /**
   * The session's tokens, unchecked, once the attempt is approved; undefined before that, and from a
   * minute after the store took them. They can be taken again, so that a lost response can be repeated.
   */
  take(pending: PendingSignIn): Promise<SessionTokens | undefined>
  /**
   * Keeps an attempt from completing, whatever the service says. False when it is too late: the
   * attempt has completed.
   */
  refuse(state: string): Promise<boolean>
  /** Whether the attempt was refused. */
  isRefused(state: string): Promise<boolean>
  /** Records that an attempt has completed, so that a later refusal is told so. Never rejects. */
  completed(state: string): Promise<void>
  /** Ends every poller; requests that wait get `pending`. */
  close(): void
}

/**
 * One poller per attempt, for as long as a request waits. The outcome goes to the store, sealed under
 * a key that takes the pending reference to make: reading the store signs no one in, and any instance
 * can complete what another one saw approved.
 *
 * Of what the service says, only an approval is passed on. An attempt for an address without an
 * account has no reference to ask with. So a browser that heard of an expired link, or of an outage,
 * would know that its address has an account. Both kinds get `pending` until their time is over, by
 * the same clock.
 */
export function createEnchantedBroker(deps: BrokerDeps): EnchantedBroker {
  return new Broker(deps)
}

class Broker implements EnchantedBroker {
  readonly #clock: Clock
  readonly #approved: ApprovedSessions
  readonly #refusals: HashedKeys
  readonly #completions: HashedKeys
  readonly #pollerDeps: PollerDeps
  readonly #pollers = new Map<string, Poller>()
  #isClosed = false

  constructor({ store, clock, sealer, getSession }: BrokerDeps) {
    this.#clock = clock
    this.#approved = createApprovedSessions({ store, clock, sealer })
    this.#refusals = createHashedKeys(store, sealer, 'refused')
    this.#completions = createHashedKeys(store, sealer, 'signed-in')
    const isDecided = async (pending: PendingSignIn): Promise<boolean> =>
      (await this.#decided(pending)) !== undefined
    this.#pollerDeps = { getSession, clock, approved: this.#approved, isDecided }
  }

  async status(
    pending: PendingSignIn,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<PendingState> {
    try {
      const known = await this.#decided(pending)
      if (known !== undefined || this.#isClosed) return known ?? 'pending'
      await this.#pollerFor(pending).wait(waitMs, signal)
      return (await this.#decided(pending)) ?? 'pending'
    } catch {
      return 'unavailable'
    }
  }

  async take(pending: PendingSignIn): Promise<SessionTokens | undefined> {
    if (pending.pendingRef === undefined) return undefined
    if ((await this.#decided(pending)) !== 'approved') return undefined
    return this.#approved.find(pending.pendingRef)
  }

  async refuse(state: string): Promise<boolean> {
    if ((await this.#completions.get(state)) !== undefined) return false
    await this.#refusals.set(state, '1', refusalLifetimeMs)
    this.#pollers.get(state)?.stop()
    return true
  }

  async isRefused(state: string): Promise<boolean> {
    return (await this.#refusals.get(state)) !== undefined
  }

  async completed(state: string): Promise<void> {
    // If this fails, a late refusal is told that it was in time.
    await this.#completions.set(state, '1', completionLifetimeMs).catch(() => {})
  }

  close(): void {
    this.#isClosed = true
    this.#approved.close()
    for (const poller of this.#pollers.values()) poller.stop()
  }

  /** How the attempt ended, as this instance and the store know; undefined when it has not. */
  async #decided(pending: PendingSignIn): Promise<Decided | undefined> {
    const { state, pendingRef } = pending
    if (await this.isRefused(state)) return 'refused'
    // Asked without a reference too, so that a slow or failing store is the same for both kinds.
    if (await this.#approved.has(pendingRef ?? state)) return 'approved'
    return pendingLeftMs(pending, this.#clock.now()) === 0 ? 'expired' : undefined
  }

  #pollerFor(pending: PendingSignIn): Poller {
    const { state } = pending
    const known = this.#pollers.get(state)
    if (known !== undefined) return known
    const poller = new Poller(this.#pollerDeps, pending)
    this.#pollers.set(state, poller)
    void poller.settled.then(() => this.#pollers.delete(state))
    return poller
  }
}
