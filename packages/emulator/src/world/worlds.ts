import type { Seed } from './seed.ts'
import type { Settings } from './settings.ts'
import { type World, createWorld } from './world.ts'

/** The worlds of one emulator, one per project id. */
export interface Worlds {
  readonly default: World
  /** The world of a project, created on its first use. */
  of(projectId: string): World
  all(): readonly World[]
}

// No test suite needs more; beyond it the least recently used world is dropped, and begins anew if it is
// used again.
const maxWorlds = 1000

// `P`, an optional four-character region, and 27 characters.
const projectIdPattern = /^P[A-Za-z0-9]{27,40}$/

/** Whether the value is a valid project id: `P` and 27 to 40 letters and digits. */
export function isProjectId(value: string): boolean {
  return projectIdPattern.test(value)
}

export function createWorlds(
  defaultProjectId: string,
  settings: Settings,
  seed: Seed | undefined,
): Worlds {
  const defaultWorld = createWorld(defaultProjectId, settings, seed)
  const others = new Map<string, World>()

  return {
    default: defaultWorld,
    of: (projectId) => {
      if (projectId === defaultProjectId) return defaultWorld
      const world = others.get(projectId) ?? createWorld(projectId, settings, seed)
      // Set again each time, so that the order of the Map is the order of use.
      others.delete(projectId)
      others.set(projectId, world)
      const [leastRecent] = others.values()
      if (others.size > maxWorlds && leastRecent !== undefined) {
        others.delete(leastRecent.projectId)
        leastRecent.close(
          `The emulator dropped ${leastRecent.projectId}: it keeps ${maxWorlds} projects.`,
        )
      }
      return world
    },
    all: () => [defaultWorld, ...others.values()],
  }
}
