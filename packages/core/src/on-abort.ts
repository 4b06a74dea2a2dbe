class Listeners extends Set<() => void> {
  handleEvent(): void {
    for (const listener of this) listener()
  }
}

const known = new WeakMap<AbortSignal, Listeners>()

/**
 * Calls `listener` when the signal aborts, or at once if it has; returns a function to remove it. The signal gets
 * one event listener for all of them, and none once all are removed: Node warns of a leak after ten, and one
 * signal may end many calls.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener()
    return () => {}
  }
  const listeners = known.get(signal) ?? new Listeners()
  known.set(signal, listeners.add(listener))
  // The same object is added once.
  signal.addEventListener('abort', listeners)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) signal.removeEventListener('abort', listeners)
  }
}

/** Does `work` with a signal that aborts with the first of these. */
export async function withSignals<T>(
  signals: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController()
  const forget = signals.map(
    (signal) => signal && onAbort(signal, () => ended.abort(signal.reason)),
  )
  try {
    return await work(ended.signal)
  } finally {
    for (const remove of forget) remove?.()
  }
}

export interface Limits {
  /** From the call to the last byte of the response, in milliseconds. */
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** Starts the limits of a call. What it returns rejects work that is not done when one of them is reached. */
export function startLimits({ signal, timeoutMs }: Limits): <T>(work: Promise<T>) => Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs)
  return (work) =>
    withSignals([signal, deadline], (ended) => {
      const late = new Promise<never>((_resolve, reject) => {
        onAbort(ended, () => reject(ended.reason))
      })
      return Promise.race([work, late])
    })
}
