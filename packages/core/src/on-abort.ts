interface Listening {
  readonly listeners: Set<() => void>
  readonly stop: () => void
}

const listening = new WeakMap<AbortSignal, Listening>()

/**
 * Calls `listener` when the signal aborts, or at once if it has; returns a function to remove it.
 *
 * The signal gets one event listener for all of them, and none once all are removed: Node warns of a leak
 * after ten, and one signal may end many calls at shutdown.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener()
    return () => {}
  }
  const { listeners, stop } = listening.get(signal) ?? listen(signal)
  listeners.add(listener)
  return () => {
    if (listeners.delete(listener) && listeners.size === 0) stop()
  }
}

function listen(signal: AbortSignal): Listening {
  const listeners = new Set<() => void>()
  const call = (): void => {
    for (const listener of listeners) listener()
  }
  const stop = (): void => {
    listening.delete(signal)
    signal.removeEventListener('abort', call)
  }
  listening.set(signal, { listeners, stop })
  signal.addEventListener('abort', call, { once: true })
  return { listeners, stop }
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

/** Starts the limits of a call. What it returns rejects work that is not done when one of them is reached. */
export function startLimits({
  signal,
  timeoutMs,
}: {
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
}): <T>(work: Promise<T>) => Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs)
  return (work) => orAbort(orAbort(work, signal), deadline)
}
