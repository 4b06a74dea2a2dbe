import { ExhaustiveChooser, randomChooser, type Chooser } from './choices.ts'
import type { Planted } from './instance.ts'
import { mistakes } from './mistakes.ts'
import { scenarios } from './scenarios/index.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { World } from './world.ts'

/** One schedule to run. */
export interface Schedule {
  readonly scenario: Scenario
  readonly choices: Chooser
  readonly faults: number
  readonly planted?: Planted | undefined
  readonly trace?: ((line: string) => void) | undefined
}

/** Runs one schedule. Resolves to the invariant that was violated; undefined for none. */
export async function runSchedule(schedule: Schedule): Promise<string | undefined> {
  const { scenario, planted = {} } = schedule
  const world = new World(schedule)
  const simulation = scenario.deploy(world, planted)
  await simulation.start()
  await world.run(scenario.play(simulation))
  simulation.end()
  return world.violation
}

/** Runs one schedule of a scenario by its seed. */
export function runSeed(
  scenario: Scenario,
  seed: number,
  options: Pick<Schedule, 'planted' | 'trace'> = {},
): Promise<string | undefined> {
  const choices = randomChooser(seed)
  return runSchedule({ scenario, choices, faults: choices.below(4), ...options })
}

/** Runs schedules with a planted mistake until it is found; undefined if it is not in `schedules`. */
export async function findMistake(
  name: string,
  firstSeed: number,
  schedules: number,
): Promise<{ readonly schedule: number; readonly violation: string } | undefined> {
  const mistake = mistakes[name]
  if (mistake === undefined) throw new RangeError(`There is no mistake ${name}.`)
  for (let schedule = 1; schedule <= schedules; schedule += 1) {
    const planted = mistake.planted()
    const scenario = scenarios[mistake.scenario]
    const violation = await runSeed(scenario, firstSeed + schedule - 1, { planted })
    // Not something else that this schedule finds anyway.
    const isFound = violation !== undefined && !(await runSeed(scenario, firstSeed + schedule - 1))
    if (isFound) return { schedule, violation }
  }
  return undefined
}

/** What came of trying every order. */
export interface Exploration {
  readonly violation: string | undefined
  /** The lines of the schedule that violates it. */
  readonly trace: readonly string[]
  readonly schedules: number
  /** Whether that was all of them. */
  readonly isComplete: boolean
}

/** Tries every order of what happens, with up to `faults` faults, in at most `bound` schedules. */
export async function explore(
  scenario: Scenario,
  { faults, bound }: { faults: number; bound: number },
): Promise<Exploration> {
  const choices = new ExhaustiveChooser()
  for (let schedules = 1; ; schedules += 1) {
    const trace: string[] = []
    const note = (line: string): void => void trace.push(line)
    const violation = await runSchedule({ scenario, choices, faults, trace: note })
    const isComplete = violation === undefined && !choices.next()
    if (isComplete || violation !== undefined || schedules === bound) {
      return { violation, trace, schedules, isComplete }
    }
  }
}
