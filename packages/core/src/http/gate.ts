/** Lets so many requests run at once. The others wait, in order. */
export class Gate {
  readonly #most: number
  readonly #waiting: (() => boolean)[] = []
  #running = 0

  constructor(most: number) {
    this.#most = most
  }

  /** @param start starts a request, unless it has ended while it waited; returns whether it did */
  enter(start: () => boolean): void {
    if (this.#running >= this.#most) this.#waiting.push(start)
    else if (start()) this.#running += 1
  }

  /** A request that was started has ended. */
  leave(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next()) return
    }
    this.#running -= 1
  }
}
