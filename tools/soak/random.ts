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
