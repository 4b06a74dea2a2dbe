import type { Settings } from './settings.ts'
import { type World, createWorld } from './world.ts'

/** The worlds of one emulator, one per project id. */
export interface Worlds {
  readonly default: World
  /** The world of a project, made when it is first named. */
  of(projectId: string): World
  all(): readonly World[]
}

// More would be a script gone wild, not a test suite; the least recently used one goes.
const maxWorlds = 1000

// `P`, an optional four-character region, and 27 characters.
const projectIdPattern = /^P[A-Za-z0-9]{27,40}$/

/** Whether this can be a project id: `P` and 27 to 40 letters and digits. */
export function isProjectId(value: string): boolean {
  return projectIdPattern.test(value)
}

export function createWorlds(defaultProjectId: string, settings: Settings): Worlds {
  const home = createWorld(defaultProjectId, settings)
  const others = new Map<string, World>()

  return {
    default: home,
    of: (projectId) => {
      if (projectId === defaultProjectId) return home
      const world = others.get(projectId) ?? createWorld(projectId, settings)
      // Set anew each time, so that the Map's order is the order of use.
      others.delete(projectId)
      others.set(projectId, world)
      const [leastRecent] = others.keys()
      if (others.size > maxWorlds && leastRecent !== undefined) others.delete(leastRecent)
      return world
    },
    all: () => [home, ...others.values()],
  }
}
