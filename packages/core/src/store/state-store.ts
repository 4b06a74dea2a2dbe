/**
 * The one interface for state that several instances share: refresh results, revocations, send
 * limits, approved enchanted sessions. Keys and values are opaque strings; keys are hashes, and a
 * value that contains a token is encrypted before it is stored.
 *
 * Every method may reject; callers treat that as an unavailable store. Each operation is atomic. The
 * suite in `@linkpass/core/conformance` checks any implementation.
 */
export interface StateStore {
  /** The value; undefined when there is none or its time to live is over. */
  get(key: string): Promise<string | undefined>
  /** Stores `value` for `ttlMs` milliseconds (a whole number from 1), replacing any other. */
  set(key: string, value: string, ttlMs: number): Promise<void>
  /** Stores `value` only if there is none; resolves to whether it did. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>
  /** Deletes the key, if it exists. */
  delete(key: string): Promise<void>
  /** Adds one and resolves to the new count; the first increment starts the time to live. */
  increment(key: string, ttlMs: number): Promise<number>
}
