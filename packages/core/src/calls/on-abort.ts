const followers = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `act` when the signal aborts, or at once if it has; returns how to stop following it.
 *
 * However many follow a signal, it gets one listener: one signal that ends everything at shutdown
 * would otherwise make Node warn of a leak past its tenth call.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) {
    act()
    return () => {}
  }
  const acts = followers.get(signal) ?? follow(signal)
  acts.add(act)
  return () => acts.delete(act)
}

function follow(signal: AbortSignal): Set<() => void> {
  const acts = new Set<() => void>()
  followers.set(signal, acts)
  signal.addEventListener(
    'abort',
    () => {
      for (const act of acts) act()
    },
    { once: true },
  )
  return acts
}
