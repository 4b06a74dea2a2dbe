import type { Clock } from '@linkpass/core'

/** The time between two polls for one sender, once the first ten were made at once. */
const apartMs = 100
const burstMs = 9 * apartMs
const usualSenders = 1000

/** Spaces the polls that are made for one sender: ten a second, however many attempts it has. */
export class PollPace {
  readonly #clock: Pick<Clock, 'monotonic'>
  /** The next turn of each sender, by the monotonic clock. */
  readonly #next = new Map<string, number>()
  #pruneAt = usualSenders

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** Reserves the next turn of a sender; returns how long until then, in milliseconds. */
  turnIn(sender: string): number {
    const now = this.#clock.monotonic()
    const turn = Math.max(this.#next.get(sender) ?? -Infinity, now - burstMs)
    this.#next.set(sender, turn + apartMs)
    if (this.#next.size > this.#pruneAt) this.#prune(now)
    return Math.max(0, turn - now)
  }

  // An entry this old says the same as none.
  #prune(now: number): void {
    for (const [sender, next] of this.#next) {
      if (next <= now - burstMs) this.#next.delete(sender)
    }
    this.#pruneAt = Math.max(usualSenders, 2 * this.#next.size)
  }
}
