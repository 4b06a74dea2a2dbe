/**
 * A Map that drops its oldest entry when it is full, so that a process that runs for weeks does not
 * grow. Setting a key again makes it the newest.
 */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly #maxEntries: number

  constructor(maxEntries: number) {
    super()
    this.#maxEntries = maxEntries
  }

  override set(key: K, value: V): this {
    super.delete(key)
    super.set(key, value)
    if (this.size > this.#maxEntries) {
      const oldest = super.keys().next()
      if (!oldest.done) super.delete(oldest.value)
    }
    return this
  }
}
