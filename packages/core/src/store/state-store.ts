/**
 * The one interface for what several instances must share: refresh hand-over, revocation, send
 * limits, approved enchanted sessions. Keys and values are opaque strings; keys are hashes, and a
 * value that holds a token is encrypted before it gets here.
 *
 * Every method may reject; callers treat that as "the store is out of reach". Each operation is
 * atomic. The suite in `@linkpass/core/conformance` checks any implementation.
 */
export interface StateStore {
  /** The value, or undefined when there is none or its time is over. */
  get(key: string): Promise<string | undefined>
  /** Stores `value` for `ttlMs` milliseconds (a whole number from 1), replacing what was there. */
  set(key: string, value: string, ttlMs: number): Promise<void>
  /** Stores `value` only where there is none; resolves to whether it did. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>
  /** Forgets the key. */
  delete(key: string): Promise<void>
  /** Adds one and resolves to the new count; the first one starts the time to live. */
  increment(key: string, ttlMs: number): Promise<number>
}
