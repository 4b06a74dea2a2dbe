import type { Clock, Result, SessionTokens } from '@linkpass/core'
import { nextPoll, pause } from '@linkpass/core/internal'
import { type PendingSignIn, pendingLeftMs } from './pending-sign-in.ts'

export interface PollerDeps {
  readonly getSession: (pendingRef: string) => Promise<Result<SessionTokens>>
  readonly clock: Clock
  /** Keeps a session that was handed out. Never rejects. */
  readonly keep: (pendingRef: string, tokens: SessionTokens) => Promise<void>
  /** Whether the store has news of the attempt. Rejects when it is unavailable. */
  readonly hasNews: () => Promise<boolean>
  /** Reserves a turn; returns how long until then, in milliseconds. */
  readonly turnIn: () => number
}

const intervalMs = 1000

/**
 * Polls for one attempt while at least one request waits for it.
 *
 * A poll is never cut off, because the service may hand out a session only once: what it returns is
 * kept, even if no request waits any more.
 */
export class Poller {
  /** Resolves once there is news, or no request waits any more. Never rejects. */
  readonly settled: Promise<void>
  readonly #deps: PollerDeps
  readonly #pending: PendingSignIn
  readonly #stop = new AbortController()
  #waiting = 0

  constructor(pending: PendingSignIn, deps: PollerDeps) {
    this.#pending = pending
    this.#deps = deps
    // Not before the first request waits.
    this.settled = Promise.resolve().then(() => this.#poll())
  }

  /** Ends every wait, and the pause between two polls. A poll under way is left to finish. */
  stop(): void {
    this.#stop.abort()
  }

  /** Waits for a decision: at most `waitMs`, until the attempt ends, and until it is stopped. */
  async wait(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#deps
    const done = new AbortController()
    const longestMs = Math.min(waitMs, pendingLeftMs(this.#pending, clock.now()))
    const signals = [done.signal, this.#stop.signal, ...(signal ? [signal] : [])]
    this.#waiting += 1
    await Promise.race([this.settled, pause(clock, longestMs, ...signals).catch(() => {})])
    this.#waiting -= 1
    done.abort()
  }

  async #poll(): Promise<void> {
    const { getSession, keep, hasNews, turnIn } = this.#deps
    let reference = this.#pending.pendingRef
    let failures = 0
    while (this.#waiting > 0 && this.#isOpen()) {
      await this.#pause(turnIn())
      // A turn is used even if no request waits any more: the outcome is kept for the next one.
      if (!this.#isOpen()) return
      let waitMs = intervalMs
      if (reference !== undefined) {
        // An unexpected error decides nothing.
        const result = await getSession(reference).catch(() => undefined)
        if (result?.ok) return keep(reference, result.data)
        const next = result && nextPoll(result.error, intervalMs, failures)
        // After a final error, another instance may have fetched the session.
        if (next === undefined) reference = undefined
        else ({ waitMs, failures } = next)
      }
      if (await hasNews().catch(() => false)) return
      // Stopping ends the pause early. Then it is checked whether a request still waits.
      await this.#pause(waitMs)
    }
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0) await this.#deps.clock.sleep(ms, this.#stop.signal).catch(() => {})
  }

  #isOpen(): boolean {
    const left = pendingLeftMs(this.#pending, this.#deps.clock.now())
    return !this.#stop.signal.aborted && left > 0
  }
}
