import { ExhaustiveChooser, randomChooser } from './choices.ts'
import type { Mistake } from './mistakes.ts'
import type { Scenario } from './scenarios.ts'
import { Simulation } from './simulation.ts'
import { World } from './world.ts'

/**
 * Runs the schedule of a seed. Resolves to the invariant that was violated; undefined for none.
 *
 * @param trace receives a line for each thing that happens
 */
export function runSeed(
  scenario: Scenario,
  seed: number,
  trace?: (line: string) => void,
  plant?: Mistake[1],
): Promise<string | undefined> {
  const choices = randomChooser(seed)
  return run(scenario, new World(choices, choices.below(4), trace), plant)
}

async function run(
  { client = {}, play }: Scenario,
  world: World,
  plant: Mistake[1] = (seams) => seams,
): Promise<string | undefined> {
  const simulation = new Simulation(world, client, plant)
  await simulation.start()
  await world.run(play(simulation))
  simulation.end()
  return world.violation
}

/** The first schedule that finds a mistake, and finds nothing without it. */
export async function findMistake(
  [scenario, plant]: Mistake,
  firstSeed: number,
  schedules: number,
): Promise<{ readonly schedule: number; readonly violation: string } | undefined> {
  for (let schedule = 1; schedule <= schedules; schedule += 1) {
    const seed = firstSeed + schedule - 1
    const violation = await runSeed(scenario, seed, undefined, plant)
    const isFound = violation !== undefined && !(await runSeed(scenario, seed))
    if (isFound) return { schedule, violation }
  }
  return undefined
}

/**
 * Tries every order of what happens, with up to `faults` faults, in at most `bound` schedules. Resolves to
 * the invariant that was violated and how, and to whether that was all of them.
 */
export async function explore(scenario: Scenario, faults: number, bound: number) {
  const choices = new ExhaustiveChooser()
  for (let schedules = 1; ; schedules += 1) {
    const lines: string[] = []
    const world = new World(choices, faults, (line) => void lines.push(line))
    const invariant = await run(scenario, world)
    const violation = invariant && [invariant, ...lines].join('\n')
    const isComplete = violation === undefined && !choices.next()
    if (isComplete || violation !== undefined || schedules === bound) {
      return { violation, schedules, isComplete }
    }
  }
}
