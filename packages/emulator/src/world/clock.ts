/**
 * A world's time, in milliseconds: real time that keeps flowing, plus whatever it was advanced by.
 * It has the shape of the `Clock` of `@linkpass/core`, so that a client made with
 * `clock: emulator.clock` lives in the same time.
 */
export interface WorldClock {
  /** Since the Unix epoch. */
  now(): number
  /** Never goes back, from any origin. */
  monotonic(): number
  /** Resolves after `ms`; rejects with the signal's reason as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Moves time forward by `ms` and wakes, in order, every sleeper whose time has come. */
  advance(ms: number): void
  /** How far ahead of the machine's clock `now()` is, in milliseconds. */
  readonly offsetMs: number
  /** Back to the machine's time. `monotonic()` never goes back, so no sleeper is disturbed. */
  reset(): void
}

interface Sleeper {
  wakesAt: number
  wake: () => void
}

// What setTimeout can hold; a longer sleep is armed again when this much has passed.
const maxTimerMs = 2_147_483_647

/** A world's clock, starting at the machine's time. `onJump` hears of every move by hand. */
export function createWorldClock(onJump: () => void = () => undefined): WorldClock {
  let offset = 0
  let elapsed = 0
  const sleepers = new Set<Sleeper>()
  let timer: NodeJS.Timeout | undefined

  const monotonic = (): number => performance.now() + elapsed

  // One timer for all sleepers: it is set to the first of them, and again after every change.
  function arm(): void {
    clearTimeout(timer)
    timer = undefined
    const first = Math.min(...Array.from(sleepers, (sleeper) => sleeper.wakesAt))
    if (first === Infinity) return
    timer = setTimeout(wakeDue, Math.min(Math.max(first - monotonic(), 0), maxTimerMs))
  }

  function wakeDue(): void {
    const now = monotonic()
    const due = [...sleepers].filter((sleeper) => sleeper.wakesAt <= now)
    for (const sleeper of due.sort((a, b) => a.wakesAt - b.wakesAt)) {
      sleepers.delete(sleeper)
      sleeper.wake()
    }
    arm()
  }

  return {
    now: () => Date.now() + offset,
    monotonic,
    get offsetMs() {
      return offset
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const abort = (): void => {
          sleepers.delete(sleeper)
          arm()
          reject(abortReason(signal))
        }
        const sleeper: Sleeper = {
          wakesAt: monotonic() + ms,
          wake: () => {
            signal?.removeEventListener('abort', abort)
            resolve()
          },
        }
        if (signal?.aborted) return abort()
        signal?.addEventListener('abort', abort, { once: true })
        sleepers.add(sleeper)
        arm()
      }),
    advance: (ms) => {
      if (!Number.isFinite(ms) || ms < 0) {
        throw new RangeError('clock.advance needs a number of milliseconds from 0.')
      }
      offset += ms
      elapsed += ms
      wakeDue()
      onJump()
    },
    reset: () => {
      offset = 0
      onJump()
    },
  }
}

/** Why a signal aborted, as an error to reject with. */
export function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new DOMException('Aborted', 'AbortError')
}
