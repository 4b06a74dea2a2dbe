/** Events of the store: channels of `node:diagnostics_channel`. They contain no key and no value. */
import { channel } from 'node:diagnostics_channel'

/** The message of `linkpass:store:operation`: an operation of a shared store has ended. */
export interface StoreOperationEvent {
  /** The method of the `StateStore`. */
  readonly operation: string
  /** `failed` also for one that took too long; `refused` while the store is known to be away. */
  readonly outcome: 'ok' | 'failed' | 'refused'
  readonly durationMs: number
}

/** The message of `linkpass:store:breaker`: the store was found to be away, or to be back. */
export interface StoreBreakerEvent {
  /** While it is open, reads fail at once, except one a second. */
  readonly state: 'open' | 'closed'
}

/** `linkpass:store:operation` */
export const storeOperation = channel('linkpass:store:operation')
const breaker = channel('linkpass:store:breaker')

/** Publishes the end of an operation. Ask for subscribers first. */
export function reportOperation(event: StoreOperationEvent): void {
  storeOperation.publish(event)
}

/** Publishes that the breaker has opened or closed. */
export function reportBreaker(state: StoreBreakerEvent['state']): void {
  breaker.publish({ state } satisfies StoreBreakerEvent)
}
