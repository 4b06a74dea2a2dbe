import { setMaxListeners } from 'node:events'
import { type AccessKeys, createAccessKeys } from './users/access-keys.ts'
import { BoundedMap } from './bounded-map.ts'
import { type WorldClock, createWorldClock } from './clock.ts'
import { type EventHub, createEventHub } from './events.ts'
import { type FaultBook, createFaultBook } from './faults/fault-registry.ts'
import { type Mailbox, createMailbox } from './messages/inbox.ts'
import { type Journal, createJournal } from './request-log.ts'
import { type KeyRing, createKeyRing } from './tokens/signing-keys.ts'
import { type LinkBook, createLinkBook } from './links/link-store.ts'
import { type SessionRegistry, createSessionRegistry } from './sessions/session-registry.ts'
import type { Settings } from './settings.ts'
import type { TokenContext } from './tokens/tokens.ts'
import { type UserDirectory, createUserDirectory } from './users/user-directory.ts'

/** How much a world remembers; past that the oldest goes, so that long runs stay small. */
const limits = { users: 5000, tokens: 10_000, links: 5000, messages: 500, requests: 500 }

/** What `reset()` empties. */
export interface WorldState {
  readonly users: UserDirectory
  readonly links: LinkBook
  readonly sessions: SessionRegistry
  readonly accessKeys: AccessKeys
  /** Names of tenants by their id. */
  readonly tenantNames: Map<string, string>
}

/** Everything of one project: nothing is shared with another world. */
export interface World {
  readonly projectId: string
  readonly settings: Settings
  readonly clock: WorldClock
  readonly keys: KeyRing
  readonly events: EventHub
  readonly mailbox: Mailbox
  readonly faults: FaultBook
  readonly journal: Journal
  /** Swapped as a whole by `reset()`: read it anew for each request. */
  readonly state: WorldState
  /** Aborted by `close()`; what still waits on the clock goes with it. */
  readonly closing: AbortSignal
  /** An empty world at the machine's time, with the same keys and the same watchers. */
  reset(): void
  close(): void
}

/** A new, empty world. */
export function createWorld(projectId: string, settings: Settings): World {
  const events = createEventHub()
  const clock = createWorldClock(() => {
    events.publish({ type: 'clock', now: clock.now(), offsetMs: clock.offsetMs })
  })
  const now = (): number => clock.now()
  const mailbox = createMailbox(now, limits.messages, (message) => {
    events.publish({ type: 'message', message })
  })
  const faults = createFaultBook(() => events.publish({ type: 'faults-changed' }))
  const journal = createJournal(limits.requests)
  const keys = createKeyRing(now, settings.refreshLifetimeSeconds, () => {
    events.publish({ type: 'keys-rotated' })
  })
  const closing = new AbortController()
  // However many wait in a world, they end together; past the tenth, Node would warn of a leak.
  setMaxListeners(0, closing.signal)
  let state = emptyState()

  return {
    projectId,
    settings,
    clock,
    keys,
    events,
    mailbox,
    faults,
    journal,
    get state() {
      return state
    },
    reset: () => {
      state = emptyState()
      mailbox.clear()
      faults.clear()
      journal.clear()
      clock.reset()
      events.publish({ type: 'reset' })
    },
    closing: closing.signal,
    close: () => closing.abort(new Error('The emulator was closed.')),
  }
}

function emptyState(): WorldState {
  return {
    users: createUserDirectory(limits.users),
    links: createLinkBook(limits.links),
    sessions: createSessionRegistry(limits.tokens),
    accessKeys: createAccessKeys(limits.users),
    tenantNames: new BoundedMap(limits.users),
  }
}

/** What signing and reading tokens needs of a world, at this moment. */
export function tokenContext(world: World): TokenContext {
  const { projectId, keys, settings, clock } = world
  return { projectId, keys, settings, now: clock.now() }
}
