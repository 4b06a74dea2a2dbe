import { ExhaustiveChooser, randomChooser, type Chooser } from './choices.ts'
import type { Planted } from './instance.ts'
import { mistakes } from './mistakes.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { Simulation } from './simulation.ts'
import { World } from './world.ts'

/** What differs from the schedule of a seed. */
export interface Options {
  readonly planted?: Planted
  /** Receives a line for each thing that happens. */
  readonly trace?: (line: string) => void
}

/** Runs the schedule of a seed. Resolves to the invariant that was violated; undefined for none. */
export function runSeed(
  name: string,
  seed: number,
  options?: Options,
): Promise<string | undefined> {
  const choices = randomChooser(seed)
  return run(scenarioOf(name), choices, choices.below(4), options)
}

async function run(
  { client, play }: Scenario,
  choices: Chooser,
  faults: number,
  { planted = {}, trace }: Options = {},
): Promise<string | undefined> {
  const world = new World(choices, faults, trace)
  const simulation = new Simulation(world, client, planted)
  await simulation.start()
  await world.run(play(simulation))
  simulation.end()
  return world.violation
}

/** Runs schedules with a planted mistake until it is found; undefined if it is not in `schedules`. */
export async function findMistake(
  name: string,
  firstSeed: number,
  schedules: number,
): Promise<{ readonly schedule: number; readonly violation: string } | undefined> {
  const mistake = mistakes[name]
  if (mistake === undefined) throw new RangeError(`There is no mistake ${name}.`)
  const [scenario, planted] = mistake
  for (let schedule = 1; schedule <= schedules; schedule += 1) {
    const seed = firstSeed + schedule - 1
    const violation = await runSeed(scenario, seed, { planted: planted() })
    // Not something else that this schedule finds anyway.
    const isFound = violation !== undefined && !(await runSeed(scenario, seed))
    if (isFound) return { schedule, violation }
  }
  return undefined
}

/** What came of trying every order, and the lines of the schedule that violates an invariant. */
export interface Exploration {
  readonly violation: string | undefined
  readonly trace: readonly string[]
  readonly schedules: number
  /** Whether that was all of them. */
  readonly isComplete: boolean
}

/** Tries every order of what happens, with up to `faults` faults, in at most `bound` schedules. */
export async function explore(name: string, faults: number, bound: number): Promise<Exploration> {
  const choices = new ExhaustiveChooser()
  for (let schedules = 1; ; schedules += 1) {
    const lines: string[] = []
    const trace = (line: string): void => void lines.push(line)
    const violation = await run(scenarioOf(name), choices, faults, { trace })
    const isComplete = violation === undefined && !choices.next()
    if (isComplete || violation !== undefined || schedules === bound) {
      return { violation, trace: lines, schedules, isComplete }
    }
  }
}

function scenarioOf(name: string): Scenario {
  const scenario = scenarios[name]
  if (scenario === undefined) throw new RangeError(`There is no scenario ${name}.`)
  return scenario
}
