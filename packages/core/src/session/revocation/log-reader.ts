import type { StateStore } from '../../store/state-store.ts'

/** Reads the buckets of a log, of each what was not read before. */
export class LogReader {
  readonly #store: Pick<StateStore, 'readFrom'>
  readonly #keyOf: (bucket: number) => string
  /** How many entries of a bucket were read, and the last of them. */
  readonly #positions = new Map<number, { readonly count: number; readonly last: string }>()

  constructor(store: Pick<StateStore, 'readFrom'>, keyOf: (bucket: number) => string) {
    this.#store = store
    this.#keyOf = keyOf
  }

  /** Also reads the last entry again that was read before: a server that lost some is read from the start. */
  async readNew(bucket: number): Promise<readonly string[]> {
    const key = this.#keyOf(bucket)
    const { count, last } = this.#positions.get(bucket) ?? { count: 0, last: '' }
    const start = Math.max(0, count - 1)
    const found = await this.#store.readFrom(key, start)
    const isAsBefore = count === 0 || found[0] === last
    const all = isAsBefore ? found : await this.#store.readFrom(key, 0)
    const youngest = all.at(-1)
    if (youngest === undefined) this.#positions.delete(bucket)
    else {
      const read = (isAsBefore ? start : 0) + all.length
      this.#positions.set(bucket, { count: read, last: youngest })
    }
    return isAsBefore && count > 0 ? all.slice(1) : all
  }

  startOver(): void {
    this.#positions.clear()
  }

  forgetBefore(oldest: number): void {
    for (const bucket of this.#positions.keys()) {
      if (bucket < oldest) this.#positions.delete(bucket)
    }
  }
}
