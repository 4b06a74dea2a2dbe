/** What every operation accepts as its last parameter. */
export interface StoreCall {
  /** Aborts when the result is no longer wanted, so that a client can drop the command. */
  readonly signal?: AbortSignal
}

/**
 * The one interface for state that several instances share: refresh results, revocations, send
 * limits, approved enchanted sessions. Keys and values are opaque strings; keys are hashes, and a
 * value that contains a token is encrypted before it is stored. A key holds a value or a log, never
 * both.
 *
 * Each operation uses one key and is atomic, also against a crash; `getMany` is several independent
 * reads. `ttlMs` is a time to live: a whole number of milliseconds from 1. Every method may reject,
 * and must when the store is unavailable: callers treat that as "could not decide". The suite in
 * `@linkpass/core/conformance` checks any implementation.
 */
export interface StateStore {
  /** The value; undefined when there is none or its time to live is over. */
  get(key: string, call?: StoreCall): Promise<string | undefined>
  /** The value of each key, in their order: one read per key, sent together. */
  getMany(keys: readonly string[], call?: StoreCall): Promise<readonly (string | undefined)[]>
  /** Stores `value` for `ttlMs`, replacing any other. */
  set(key: string, value: string, ttlMs: number, call?: StoreCall): Promise<void>
  /**
   * Stores `value` for `ttlMs` only if there is none. Resolves to the value that was found, whose
   * time to live is unchanged; to undefined when `value` was stored.
   */
  setIfAbsent(
    key: string,
    value: string,
    ttlMs: number,
    call?: StoreCall,
  ): Promise<string | undefined>
  /** Stores `value` for `ttlMs` only if the value is `expected`; resolves to whether it did. */
  replaceIf(
    key: string,
    expected: string,
    value: string,
    ttlMs: number,
    call?: StoreCall,
  ): Promise<boolean>
  /** Deletes the key only if its value is `expected`; resolves to whether it did. */
  deleteIf(key: string, expected: string, call?: StoreCall): Promise<boolean>
  /** Deletes the key, if it exists. */
  delete(key: string, call?: StoreCall): Promise<void>
  /** Adds one and resolves to the new count; the first increment starts the time to live. */
  increment(key: string, ttlMs: number, call?: StoreCall): Promise<number>
  /**
   * Adds an entry to the end of a log. The whole log then lives for `ttlMs` from now, or for as long
   * as before if that is longer.
   */
  append(key: string, entry: string, ttlMs: number, call?: StoreCall): Promise<void>
  /** The entries of a log from `index` on (0 is the first), in order; none when it has ended. */
  readFrom(key: string, index: number, call?: StoreCall): Promise<readonly string[]>
  /**
   * Sends a message to all who subscribed to the channel. It is only ever a hint: it may be lost,
   * late or repeated, and nothing may depend on it.
   */
  publish?(channel: string, message: string, call?: StoreCall): Promise<void>
  /** Calls `listener` for each message on the channel, until the function it resolves to is called. */
  subscribe?(
    channel: string,
    listener: (message: string) => void,
    call?: StoreCall,
  ): Promise<() => void>
  /** Releases what the store opened itself. A client that was handed in stays open. */
  close?(): Promise<void>
}
