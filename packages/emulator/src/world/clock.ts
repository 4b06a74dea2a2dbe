/**
 * The time of a world, in milliseconds: real time plus the time it was advanced by. It has the shape
 * of the `Clock` of `@linkpass/core`, so that a client created with `clock: emulator.clock` has the
 * same time.
 */
export interface WorldClock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Milliseconds since an arbitrary moment; never goes back. */
  monotonic(): number
  /** Resolves after `ms`; rejects with the signal's reason as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Moves time forward by `ms` and resolves, in order, every sleep that is due. */
  advance(ms: number): void
  /** How far `now()` is ahead of the machine's clock, in milliseconds. */
  readonly offsetMs: number
  /** Sets `now()` back to the machine's time. `monotonic()` does not go back, so sleeps continue. */
  reset(): void
}

/** A world's clock, starting at the machine's time. `onChange` is called after `advance` and `reset`. */
export function createWorldClock(onChange: () => void = () => undefined): WorldClock {
  let offset = 0
  let advanced = 0
  const monotonic = (): number => performance.now() + advanced
  const sleepers = new SleepQueue(monotonic)

  return {
    now: () => Date.now() + offset,
    monotonic,
    get offsetMs() {
      return offset
    },
    sleep: (ms, signal) => sleepers.sleep(ms, signal),
    advance: (ms) => {
      if (!Number.isFinite(ms) || ms < 0) {
        throw new RangeError(
          `clock.advance: expected a number of milliseconds from 0, received ${ms}.`,
        )
      }
      offset += ms
      advanced += ms
      sleepers.wakeDue()
      onChange()
    },
    reset: () => {
      offset = 0
      onChange()
    },
  }
}

interface Sleeper {
  wakesAt: number
  wake: () => void
}

// The longest delay of setTimeout; a longer sleep sets the timer again when this time has passed.
const maxTimerMs = 2_147_483_647

/** The pending sleeps of a clock. One timer serves all of them: it is set to the first one. */
class SleepQueue {
  readonly #monotonic: () => number
  readonly #sleepers = new Set<Sleeper>()
  #timer: NodeJS.Timeout | undefined

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#sleepers.delete(sleeper)
        this.#setTimer()
        reject(abortReason(signal))
      }
      const sleeper: Sleeper = {
        wakesAt: this.#monotonic() + ms,
        wake: () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        },
      }
      if (signal?.aborted) return abort()
      signal?.addEventListener('abort', abort, { once: true })
      this.#sleepers.add(sleeper)
      this.#setTimer()
    })
  }

  wakeDue(): void {
    const now = this.#monotonic()
    const due = [...this.#sleepers].filter((sleeper) => sleeper.wakesAt <= now)
    for (const sleeper of due.sort((a, b) => a.wakesAt - b.wakesAt)) {
      this.#sleepers.delete(sleeper)
      sleeper.wake()
    }
    this.#setTimer()
  }

  #setTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const first = Math.min(...Array.from(this.#sleepers, (sleeper) => sleeper.wakesAt))
    if (first === Infinity) return
    const delay = Math.min(Math.max(first - this.#monotonic(), 0), maxTimerMs)
    this.#timer = setTimeout(() => this.wakeDue(), delay)
  }
}

/** The reason of an aborted signal, as an error to reject with. */
export function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new DOMException('Aborted', 'AbortError')
}
