import type { Clock, Result, SessionTokens, StateStore } from '@linkpass/core'
import { Unsaved, hashRandom } from '@linkpass/core/internal'
import type { HashedEntries } from '../attempt/hashed-entries.ts'
import { type Action, type AttemptState, type Outcome, attemptState, decide } from './decide.ts'
import { type PendingSignIn, pendingEndsAt } from './pending-sign-in.ts'
import { PollPace } from './poll-pace.ts'
import { Poller } from './poller.ts'

/** How an attempt stands, for the browser that waits. `unavailable` says nothing about it: ask again. */
export type PendingState = Action<'ask'> | 'unavailable'

export interface BrokerDeps {
  readonly getSession: (pendingRef: string) => Promise<Result<SessionTokens>>
  readonly store: StateStore
  readonly entries: HashedEntries
  readonly clock: Clock
}

export interface Waiter {
  /** Aborts when no one waits any more. */
  readonly signal?: AbortSignal
  /** @default false */
  readonly isCodeShown?: boolean
  /** The network of the request. @default unknown, without a common pace */
  readonly sender?: string
}

/** An attempt that was made here. */
export interface KnownAttempt {
  readonly state: string
  /** When it ends, in milliseconds since the epoch; 0 when that is no longer known. */
  readonly endsAt: number
}

const approvedKind = 'approved'
/** A completion is remembered for a day, longer than the links live. */
const completionMs = 24 * 60 * 60 * 1000
/** A refusal outlives its attempt by this, since the clocks of two instances differ. */
const marginMs = 5 * 60 * 1000

/**
 * Stands between the browsers that wait for an approval and the service that knows of it.
 *
 * One poller per attempt, for as long as a request waits, and one pace for all that a sender has. The session
 * goes to the store, so that any instance can complete what another one saw approved. It takes the pending
 * reference to open it: reading the store signs no one in. One key in the store holds either a refusal or a
 * completion, and the first to write it decides.
 *
 * Of what the service says, only an approval is passed on. An attempt for an address without an
 * account has no reference to ask with. So a browser that heard of an expired link, or of an outage,
 * would know that its address has an account. Both kinds get `pending` until their time is over, by
 * the same clock.
 */
export class EnchantedBroker {
  readonly #deps: BrokerDeps
  /** Sessions that the service has handed out, which it may do only once, and that the store has not taken. */
  readonly #unsaved: Unsaved<SessionTokens>
  readonly #pace: PollPace
  readonly #pollers = new Map<string, Poller>()
  readonly #closing = new AbortController()

  constructor(deps: BrokerDeps) {
    this.#deps = deps
    this.#pace = new PollPace(deps.clock)
    this.#unsaved = new Unsaved(deps.clock, this.#closing.signal)
  }

  /**
   * How an attempt stands: at once when it is decided, else after at most `waitMs`, or when the signal
   * aborts. That a link was opened is news too, unless the browser shows the code already.
   */
  async status(pending: PendingSignIn, waitMs: number, waiter: Waiter = {}): Promise<PendingState> {
    const { isCodeShown = false, sender, signal } = waiter
    const since = this.#deps.clock.monotonic()
    try {
      const known = decide(await this.#stateOf(pending), 'ask')
      const isNews = known !== 'pending' && !(known === 'show-code' && isCodeShown)
      if (isNews || this.#closing.signal.aborted) return known
      await this.#pollerFor(pending, known, sender).wait(waitMs, signal)
      const now = decide(await this.#stateOf(pending), 'ask')
      if (known === now || now !== 'show-code' || !isCodeShown) return now
      // A link was opened meanwhile, which is no news for this browser.
      const leftMs = Math.max(0, waitMs - (this.#deps.clock.monotonic() - since))
      return await this.status(pending, leftMs, waiter)
    } catch {
      return 'unavailable'
    }
  }

  /**
   * How an attempt stands, and the session's tokens, unchecked, once it is approved. Until a minute after
   * the store took them they can be taken again, so that a lost response can be repeated. Takes the same
   * operations of the store for every attempt.
   */
  async take(
    pending: PendingSignIn,
  ): Promise<{ readonly state: AttemptState; readonly tokens: SessionTokens | undefined }> {
    const state = await this.#stateOf(pending)
    if (decide(state, 'complete') !== 'complete') return { state, tokens: undefined }
    return { state, tokens: await this.#find(pending) }
  }

  /** Records that a link was opened, so that the browser that waits shows the code. Rejects without a store. */
  async opened({ state, endsAt }: KnownAttempt): Promise<void> {
    const leftMs = Math.max(1, endsAt - this.#deps.clock.now())
    const earlier = await this.#deps.store.setIfAbsent(openedKey(state), '1', leftMs)
    if (earlier === undefined) this.#pollers.get(state)?.stop()
  }

  /**
   * Keeps the session of an attempt without a reference, for the browser that waits: for a minute once
   * the store has taken it. Never rejects.
   */
  async approve({ state, endsAt }: KnownAttempt, tokens: SessionTokens): Promise<void> {
    await this.#keep(state, tokens, endsAt)
    this.#pollers.get(state)?.stop()
  }

  /** How an attempt stands for whoever holds one of its links. */
  async stateFor({ state, endsAt }: KnownAttempt): Promise<AttemptState> {
    const outcome = await this.#outcomeOf(state)
    return attemptState({ outcome, endsAt, now: this.#deps.clock.now() })
  }

  /**
   * Records how an attempt ended, unless that is decided already: the first one stands, on all instances.
   * Resolves to how it stands now, and whether this call has ended it. Rejects without a store.
   */
  async end(
    { state, endsAt }: KnownAttempt,
    kind: Outcome['kind'],
  ): Promise<{ readonly state: AttemptState; readonly isNew: boolean }> {
    const at = this.#deps.clock.now()
    const isCompletion = kind === 'completed'
    const ttlMs = isCompletion ? completionMs : Math.max(0, endsAt - at) + marginMs
    const value = isCompletion ? `${kind} ${at}` : kind
    const found = await this.#deps.store.setIfAbsent(outcomeKey(state), value, ttlMs)
    this.#pollers.get(state)?.stop()
    const outcome = parseOutcome(found ?? value)
    const now = this.#deps.clock.now()
    return { state: attemptState({ outcome, endsAt, now }), isNew: found === undefined }
  }

  /** Ends every poller; requests that wait get `pending`. */
  close(): void {
    this.#closing.abort()
    for (const poller of this.#pollers.values()) poller.stop()
  }

  async #stateOf(pending: PendingSignIn): Promise<AttemptState> {
    const [outcome, approved, opened] = await Promise.all([
      this.#outcomeOf(pending.state),
      this.#find(pending),
      pending.code === undefined ? undefined : this.#deps.store.get(openedKey(pending.state)),
    ])
    return attemptState({
      outcome,
      isApproved: approved !== undefined,
      isOpened: opened !== undefined,
      endsAt: pendingEndsAt(pending),
      now: this.#deps.clock.now(),
    })
  }

  /** The store is tried until `endsAt` (milliseconds since the epoch). Never rejects. */
  async #keep(name: string, tokens: SessionTokens, endsAt: number): Promise<void> {
    const { entries } = this.#deps
    await this.#unsaved.save(name, tokens, endsAt, () =>
      entries.keepTokens(approvedKind, name, tokens),
    )
  }

  /** The session of an approved attempt, unchecked; undefined when there is none, or no longer. */
  async #find(pending: PendingSignIn): Promise<SessionTokens | undefined> {
    // Looked for without a reference too, so that a slow or failing store is the same for both kinds.
    const name = pending.pendingRef ?? pending.state
    return (
      this.#unsaved.get(name) ?? (await this.#deps.entries.findTokens(approvedKind, name))?.tokens
    )
  }

  async #outcomeOf(state: string): Promise<Outcome | undefined> {
    const value = await this.#deps.store.get(outcomeKey(state))
    return value === undefined ? undefined : parseOutcome(value)
  }

  #pollerFor(pending: PendingSignIn, known: Action<'ask'>, sender: string | undefined): Poller {
    const { state } = pending
    const running = this.#pollers.get(state)
    if (running !== undefined) return running
    const poller = new Poller(pending, {
      getSession: this.#deps.getSession,
      clock: this.#deps.clock,
      keep: (pendingRef, tokens) => this.#keep(pendingRef, tokens, pendingEndsAt(pending)),
      hasNews: async () => {
        const now = await this.#stateOf(pending)
        // Where a link was opened before, that is no news.
        return now !== 'pending' && (now !== 'opened' || known === 'pending')
      },
      turnIn: () => (sender === undefined ? 0 : this.#pace.turnIn(sender)),
    })
    this.#pollers.set(state, poller)
    void poller.settled.then(() => this.#pollers.delete(state))
    return poller
  }
}

// The same on every instance, also while secrets rotate: a state is random, so a plain hash reveals
// nothing of it.
function outcomeKey(state: string): string {
  return `outcome:${hashRandom(state)}`
}

function openedKey(state: string): string {
  return `opened:${hashRandom(state)}`
}

// A value of another release ends the attempt too: nothing is handed out.
function parseOutcome(value: string): Outcome {
  if (value === 'refused' || value === 'code-refused') return { kind: value }
  return { kind: 'completed', at: Number(/^completed (\d+)$/.exec(value)?.[1] ?? 0) }
}
