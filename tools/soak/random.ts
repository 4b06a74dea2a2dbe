/** Numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * Draws the items in random order, each of them once before any comes again: no streaks, so that
 * short runs and long runs draw each item equally often.
 */
export function drawFrom<Item>(items: readonly Item[], random: () => number): () => Item {
  let left: Item[] = []
  return () => {
    if (left.length === 0) left = [...items]
    const [item] = left.splice(Math.floor(random() * left.length), 1)
    if (item === undefined) throw new RangeError('There is no item to draw.')
    return item
  }
}
