import type { Planted } from '../instance.ts'
import type { Simulation } from '../simulation.ts'
import type { World } from '../world.ts'

/** What happens in a schedule, apart from faults and the order of things. */
export interface Scenario {
  /** Deploys the app. */
  readonly deploy: (world: World, planted: Planted) => Simulation
  /** Lets browsers send their requests, and checks invariants of its own. */
  readonly play: (simulation: Simulation) => Promise<void>
}

/** One of these, of which the first is chosen where every order is tried. */
export function oneOf<T>({ choices }: World, list: readonly [T, ...T[]]): T {
  return list[choices.below(list.length)] ?? list[0]
}
