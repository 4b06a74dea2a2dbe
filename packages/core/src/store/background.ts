/** What goes on with a store while no one waits for it, until the client closes. */
import { type Clock, pause } from '../clock.ts'
import { onAbort } from '../on-abort.ts'
import type { StateStore } from './state-store.ts'

/** Values that the store has not taken yet. They are held in this process, so that none is lost. */
export class Unsaved<Value> {
  readonly #held = new Map<string, Value>()
  readonly #clock: Clock
  readonly #closing: AbortSignal

  /** @param closing aborts when the store must not be tried any more. What is held stays. */
  constructor(clock: Clock, closing: AbortSignal) {
    this.#clock = clock
    this.#closing = closing
  }

  get(name: string): Value | undefined {
    return this.#held.get(name)
  }

  /**
   * Holds a value until `write` has saved it. While that fails, it is tried again each second until `endsAt`
   * (milliseconds since the epoch). Waits for the first try alone, and resolves to whether that succeeded.
   * Never rejects.
   */
  async save(
    name: string,
    value: Value,
    endsAt: number,
    write: () => Promise<unknown>,
  ): Promise<boolean> {
    this.#held.set(name, value)
    const handOn = async (): Promise<void> => {
      if (this.#clock.now() < endsAt) await write()
      this.#held.delete(name)
    }
    await keepTrying(handOn, this.#clock, this.#closing, everySecond())
    return !this.#held.has(name)
  }
}

function* everySecond(): Generator<number> {
  for (;;) yield 1000
}

/** The pauses before a write is tried again, in milliseconds. */
const retryMs = [100, 200, 400, 800, 1600, 3200]

/**
 * Writes what was paid for: waits for the first try, and while the store fails tries again, without being
 * waited for. Never rejects.
 *
 * @param pausesMs the pauses between two tries @default six, of about six seconds
 */
export async function keepTrying(
  write: () => Promise<unknown>,
  clock: Pick<Clock, 'sleep'>,
  closing: AbortSignal,
  pausesMs: Iterable<number> = retryMs,
): Promise<void> {
  const succeeds = (): Promise<boolean> =>
    write().then(
      () => true,
      () => false,
    )
  if (await succeeds()) return
  const tryAgain = async (): Promise<void> => {
    for (const ms of pausesMs) {
      await pause(clock, ms, closing)
      if (await succeeds()) return
    }
  }
  // Rejects when the client is closed.
  tryAgain().catch(() => {})
}

/** Extends a lock of `owner` until the returned function is called, or the lock is another's. */
export function keepLock(
  { store, clock, lockMs }: { store: StateStore; clock: Pick<Clock, 'sleep'>; lockMs: number },
  key: string,
  owner: string,
  everyMs: number,
): () => void {
  const done = new AbortController()
  const extend = async (): Promise<void> => {
    let isOwn = true
    while (isOwn) {
      await clock.sleep(everyMs, done.signal)
      isOwn = await store.replaceIf(key, owner, owner, lockMs).catch(() => true)
    }
  }
  extend().catch(() => {})
  return () => done.abort()
}

/**
 * Makes a function that subscribes to a channel of the store, if it has any, until `closing` aborts. It does
 * so once; where that failed, its next call tries again.
 */
export function createSubscription(
  store: StateStore,
  channel: string,
  closing: AbortSignal,
  listener: (message: string) => void,
): () => void {
  let isSubscribed = false
  return () => {
    if (isSubscribed || closing.aborted || store.subscribe === undefined) return
    isSubscribed = true
    store
      .subscribe(channel, listener)
      .then((stop) => onAbort(closing, stop))
      .catch(() => (isSubscribed = false))
  }
}
