import { runLoopUntil } from './concurrency.ts'

/** What keeps this process alive at one moment: sockets, servers and timers, counted by kind. */
export type ActiveResources = ReadonlyMap<string, number>

/** Counts them now. */
export function activeResources(): ActiveResources {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

/**
 * How many there are beyond those of `before`, once everything was closed. Closed resources go away
 * with the next turns of the event loop, so those that stay for five seconds are counted.
 */
export async function leftSince(before: ActiveResources): Promise<number> {
  const deadline = performance.now() + 5000
  await runLoopUntil(() => beyond(before) === 0 || performance.now() > deadline)
  return beyond(before)
}

function beyond(before: ActiveResources): number {
  let left = 0
  for (const [kind, count] of activeResources()) {
    // The one that `runLoopUntil` waits for.
    if (kind !== 'Immediate') left += Math.max(0, count - (before.get(kind) ?? 0))
  }
  return left
}
