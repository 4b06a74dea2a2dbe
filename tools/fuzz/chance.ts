import { randomFrom } from '../soak/random.ts'

/** Choices, the same ones for the same seed. */
export interface Chance {
  /** True once in `times`. */
  oneIn(times: number): boolean
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  pick<Item>(list: readonly Item[]): Item
}

/** Chance for one input: any number of a run gives one of its own. */
export function chanceFrom(seed: number, input: number): Chance {
  const random = randomFrom(Math.imul(seed, 0x9e_37_79_b1) + input)
  const below = (end: number): number => Math.floor(random() * end)
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick: <Item>(list: readonly Item[]): Item => {
      const [item] = list.slice(below(list.length))
      if (item === undefined) throw new RangeError('There must be one to pick.')
      return item
    },
  }
}
