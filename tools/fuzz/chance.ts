import { seededRandom } from '@linkpass/testing'

/** Random choices, the same ones for the same seed. */
export interface Chance {
  /** True with a probability of 1 in `times`. */
  oneIn(times: number): boolean
  /** An integer from 0 to below `end`. */
  below(end: number): number
  pick<Item>(list: readonly Item[]): Item
}

/** The choices for one input of a run, by its number. */
export function chanceFrom(seed: number, input: number): Chance {
  const random = seededRandom(Math.imul(seed, 0x9e_37_79_b1) + input)
  const below = (end: number): number => Math.floor(random() * end)
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick: <Item>(list: readonly Item[]): Item => {
      const [item] = list.slice(below(list.length))
      if (item === undefined) throw new RangeError('There is nothing to pick from.')
      return item
    },
  }
}
