const listenersOf = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `listener` when the signal aborts, or at once if it has; returns a function to remove it.
 *
 * The signal gets one event listener for all of them: Node warns of a leak after ten, and one signal
 * may end many calls at shutdown.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener()
    return () => {}
  }
  const listeners = listenersOf.get(signal) ?? listen(signal)
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function listen(signal: AbortSignal): Set<() => void> {
  const listeners = new Set<() => void>()
  listenersOf.set(signal, listeners)
  signal.addEventListener(
    'abort',
    () => {
      for (const listener of listeners) listener()
    },
    { once: true },
  )
  return listeners
}

/** The result of `work`; rejects with the reason of the signal if that aborts first. */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  let forget: (() => void) | undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    forget = onAbort(signal, () => reject(signal.reason))
  })
  return Promise.race([work, aborted]).finally(() => forget?.())
}
