import type { ModelServer } from '../model-server.ts'
import { wrong, type WrongStore } from './wrong.ts'

type Listeners = Set<(message: string) => void>

const channelsOf = new WeakMap<ModelServer, Map<string, Listeners>>()

/** What a store with hints does wrong. */
interface Fault {
  readonly nameOf?: (channel: string) => string
  readonly stop?: (listeners: Listeners) => void
}

function withHints(fault: string, message: string, { nameOf, stop }: Fault): WrongStore {
  return wrong(fault, message, ({ server }, _right, at) => {
    const channels = channelsOf.get(server) ?? new Map<string, Listeners>()
    channelsOf.set(server, channels)
    const listenersOf = (channel: string): Listeners => {
      const name = nameOf?.(channel) ?? at(channel)
      const listeners: Listeners = channels.get(name) ?? new Set()
      channels.set(name, listeners)
      return listeners
    }
    return {
      publish: async (channel, text) => {
        for (const listener of listenersOf(channel)) queueMicrotask(() => listener(text))
      },
      subscribe: async (channel, listener) => {
        const listeners = listenersOf(channel).add(listener)
        return () => (stop ? stop(listeners) : void listeners.delete(listener))
      },
    }
  })
}

/** Faults of hints. */
export const hints: readonly WrongStore[] = [
  withHints('stopping a listener does nothing', 'a listener that stopped hears', {
    stop: () => {},
  }),
  withHints('stopping a listener stops all', 'has stopped another', {
    stop: (listeners) => listeners.clear(),
  }),
  withHints('one channel for all hints', 'a hint reaches every listener of its channel', {
    nameOf: () => 'all',
  }),
]
