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
  readonly asleep: Map<string, Option>
  chosen: Option
  left: readonly Option[]
}

/**
 * Every order, depth-first: each run follows one path, and `next` moves to the one after it.
 *
 * Orders that differ only in options that commute are tried once. An option that touches nothing that is
 * ever written by one and touched by another is chosen at once (a persistent set), and what was tried
 * stays asleep until something that does not commute with it happens (sleep sets; both Godefroid 1996).
 * What is shared becomes known on the way, and begins the search again.
 */
export class ExhaustiveChooser implements Chooser {
  readonly isExhaustive = true
  readonly #shared = new Set<string>()
  /** The kinds that this run has touched, and whether they turned out to be shared. */
  readonly #touched = new Map<string, boolean>()
  readonly #written = new Set<string>()
  #path: Node[] = []
  #depth = 0

  pick<T extends Option>(options: readonly T[]): T | undefined {
    const node = this.#path[this.#depth] ?? this.#grow(options)
    if (node === undefined) return undefined
    this.#depth += 1
    const chosen = options.find(({ id }) => id === node.chosen.id)
    if (chosen === undefined) throw new Error(`A replay differs: no ${node.chosen.id}.`)
    this.#touch(chosen)
    return chosen
  }

  below(): number {
    return 0
  }

  /** Moves to the next path. False once there is none. */
  next(): boolean {
    this.#depth = 0
    const known = this.#shared.size
    for (const [kind, isShared] of this.#touched) if (isShared) this.#shared.add(kind)
    this.#touched.clear()
    this.#written.clear()
    if (this.#shared.size > known) this.#path = []
    if (this.#path.length === 0) return this.#shared.size > known
    for (let node = this.#path.at(-1); node !== undefined; node = this.#path.at(-1)) {
      node.asleep.set(node.chosen.id, node.chosen)
      const [chosen, ...left] = node.left
      if (chosen !== undefined) {
        Object.assign(node, { chosen, left })
        return true
      }
      this.#path.pop()
    }
    return false
  }

  #grow(options: readonly Option[]): Node | undefined {
    const parent = this.#path.at(-1)
    const asleep = new Map(
      [...(parent?.asleep ?? [])].filter(([, option]) => parent && commute(option, parent.chosen)),
    )
    const awake = options.filter(({ id }) => !asleep.has(id))
    const own = awake.find((option) => this.#isOwn(option))
    const [chosen, ...left] = own
      ? [own, ...awake.filter((option) => option !== own && !commute(option, own))]
      : awake
    if (chosen === undefined) return undefined
    const node = { asleep, chosen, left }
    this.#path.push(node)
    return node
  }

  #isOwn({ touches }: Option): boolean {
    return touches?.every((name) => !this.#shared.has(kindOf(name))) ?? false
  }

  // A kind is shared when two options touch it of which one writes.
  #touch({ touches = [], isRead }: Option): void {
    for (const kind of touches.map(kindOf)) {
      const known = this.#touched.get(kind)
      if (known === undefined) this.#touched.set(kind, false)
      if (!isRead) this.#written.add(kind)
      if (known !== undefined && this.#written.has(kind)) this.#touched.set(kind, true)
    }
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
