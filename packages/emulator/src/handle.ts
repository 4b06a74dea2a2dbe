import type { WorldClock } from './world/clock.ts'
import type { RequestEntry } from './world/events.ts'
import type { Faults } from './world/faults.ts'
import type { Inbox } from './world/inbox.ts'
import type { World } from './world/world.ts'

/** One world from outside: what a test holds in its hand. */
export interface EmulatorWorld {
  readonly projectId: string
  readonly inbox: Inbox
  /** Pass it to `createDescopeClient({ clock })`, so that both sides live in one time. */
  readonly clock: WorldClock
  readonly faults: Faults
  readonly keys: {
    /** Old keys stay published for `graceSeconds`; 0 retires them, and their tokens, at once. */
    rotate(options?: { graceSeconds?: number }): Promise<void>
  }
  /** The requests to the service, newest first, without anything secret. */
  requests(): readonly RequestEntry[]
  /** Forgets people, links, sessions, messages, faults and requests; back to the machine's time. */
  reset(): void
}

/** The handle on a world. */
export function worldHandle(world: World): EmulatorWorld {
  const { projectId, mailbox, clock, faults, keys, journal } = world
  return {
    projectId,
    inbox: mailbox,
    clock,
    faults,
    keys: {
      rotate: async (options) => {
        await keys.rotate(options)
        world.events.publish({ type: 'keys-rotated' })
      },
    },
    requests: () => journal.list(),
    reset: () => world.reset(),
  }
}
