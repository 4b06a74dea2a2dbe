import type { Clock } from '@linkpass/core'
import { keepTrying } from '@linkpass/core/internal'

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
