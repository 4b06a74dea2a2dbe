import { type Clock, pause } from '../../clock.ts'
import { createSubscription } from '../../store/background.ts'
import type { StateStore } from '../../store/state-store.ts'

const channel = 'refreshed'

export type RefreshHints = ReturnType<typeof createRefreshHints>

/**
 * Tells instances that a refresh has ended, where the store can. One subscription per client, made
 * with its first wait. Those who miss a hint find the outcome when they look next.
 */
export function createRefreshHints(store: StateStore, clock: Clock, closing: AbortSignal) {
  const waiting = new Map<string, Set<() => void>>()
  const subscribe = createSubscription(store, channel, closing, (id) => {
    for (const wake of waiting.get(id) ?? []) wake()
  })

  return {
    /** Never rejects. */
    async send(id: string): Promise<void> {
      await store.publish?.(channel, id).catch(() => {})
    },
    /** Begins a wait for one refresh of another instance. */
    watch(id: string) {
      subscribe()
      let hint = new AbortController()
      const wake = (): void => hint.abort()
      const wakes = waiting.get(id) ?? new Set()
      waiting.set(id, wakes.add(wake))
      return {
        /**
         * Resolves after `ms`, or once the refresh has ended since the last pause; rejects when the client is
         * closed.
         */
        async pause(ms: number): Promise<void> {
          await pause(clock, ms, closing, hint.signal).catch((error: unknown) => {
            if (closing.aborted || !hint.signal.aborted) throw error
          })
          if (hint.signal.aborted) hint = new AbortController()
        },
        end(): void {
          wakes.delete(wake)
          if (wakes.size === 0) waiting.delete(id)
        },
      }
    },
  }
}
