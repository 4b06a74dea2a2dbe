import { seededRandom } from '@linkpass/testing'

/** Something that can happen next. */
export interface Option {
  /** The same in every replay of the choices before it. */
  readonly id: string
  /** How likely it is, relative to the others; 0 for only where every order is tried. */
  readonly weight: number
  /** Who it happens to. Two options of one owner, or that touch something in common, do not commute. */
  readonly owner: string
  /** The shared things that it reads or writes; undefined for everything. */
  readonly touches: readonly string[] | undefined
  /** Whether it only reads them. */
  readonly isRead: boolean
}

/** Decides what happens next. */
export interface Chooser {
  /** Whether every order is tried, with what commutes in one order alone. */
  readonly isExhaustive: boolean
  /** One of them; undefined where each has been tried in another order. */
  pick<T extends Option>(options: readonly T[]): T | undefined
  /** An integer from 0 to below `end`, for what is not an order; 0 where every order is tried. */
  below(end: number): number
}

/** Random choices, the same ones for the same seed. */
export function randomChooser(seed: number): Chooser {
  const random = seededRandom(Math.imul(seed, 0x9e_37_79_b1))
  return {
    isExhaustive: false,
    pick(options) {
      let left = random() * options.reduce((sum, { weight }) => sum + weight, 0)
      return options.find(({ weight }) => (left -= weight) < 0) ?? options[0]
    },
    below: (end) => Math.floor(random() * end),
  }
}

/** A point of the choice tree on the current path. */
interface Node {
  /** What is not tried here: it was tried in another order, and commutes with all since. */
  readonly asleep: Option[]
  chosen: Option
  readonly left: Option[]
}

/**
 * Every order, depth-first: each run follows one path, and `next` moves to the one after it.
 *
 * Orders that differ only in options that commute are tried once. An option that touches nothing shared is
 * chosen at once (a persistent set), and what was tried stays asleep until something that does not commute
 * with it happens (sleep sets; both Godefroid 1996). What is shared becomes known on the way, and begins
 * the search again.
 */
export class ExhaustiveChooser implements Chooser {
  readonly isExhaustive = true
  readonly #path: Node[] = []
  #depth = 0
  /** The kinds of things that this run has touched, and those that it has written. */
  readonly #touched = new Set<string>()
  readonly #written = new Set<string>()
  /** The kinds that two options of one run touch, of which one writes. */
  readonly #shared = new Set<string>()
  #knownShared = 0

  pick<T extends Option>(options: readonly T[]): T | undefined {
    const node = this.#path[this.#depth] ?? this.#grow(options)
    if (node === undefined) return undefined
    this.#depth += 1
    const chosen = options.find(({ id }) => id === node.chosen.id)
    if (chosen === undefined) throw new Error(`A replay differs: no ${node.chosen.id}.`)
    for (const kind of chosen.touches?.map(kindOf) ?? []) {
      if (!chosen.isRead) this.#written.add(kind)
      if (this.#touched.has(kind) && this.#written.has(kind)) this.#shared.add(kind)
      this.#touched.add(kind)
    }
    return chosen
  }

  below(): number {
    return 0
  }

  /** Moves to the next path. False once there is none. */
  next(): boolean {
    this.#depth = 0
    this.#touched.clear()
    this.#written.clear()
    if (this.#shared.size > this.#knownShared) {
      this.#knownShared = this.#shared.size
      this.#path.length = 0
      return true
    }
    for (let node = this.#path.at(-1); node !== undefined; node = this.#path.at(-1)) {
      node.asleep.push(node.chosen)
      const next = node.left.shift()
      if (next !== undefined) {
        node.chosen = next
        return true
      }
      this.#path.pop()
    }
    return false
  }

  #grow(options: readonly Option[]): Node | undefined {
    const parent = this.#path.at(-1)
    const asleep = parent?.asleep.filter((option) => commute(option, parent.chosen)) ?? []
    const awake = options.filter((option) => asleep.every(({ id }) => id !== option.id))
    const own = awake.find(({ touches }) => touches?.every((one) => !this.#shared.has(kindOf(one))))
    const chosen = own ?? awake[0]
    if (chosen === undefined) return undefined
    const left = awake.filter((one) => one !== chosen && !(own && commute(one, own)))
    const node = { asleep, chosen, left }
    this.#path.push(node)
    return node
  }
}

function kindOf(name: string): string {
  return name.split(':')[0] ?? ''
}

function commute(one: Option, other: Option): boolean {
  if (one.owner === other.owner || !one.touches || !other.touches) return false
  if (one.isRead && other.isRead) return true
  return !one.touches.some((name) => other.touches?.includes(name))
}
