/** Counts what runs at once in this process, by name. */
export class Running {
  readonly #counts = new Map<string, number>()

  count(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** Runs work, which counts under each of the names until it is over. */
  async run<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const name of names) this.#counts.set(name, this.count(name) + 1)
    try {
      return await work()
    } finally {
      for (const name of names) {
        const left = this.count(name) - 1
        if (left === 0) this.#counts.delete(name)
        else this.#counts.set(name, left)
      }
    }
  }
}
