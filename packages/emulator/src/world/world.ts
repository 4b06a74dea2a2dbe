import { setMaxListeners } from 'node:events'
import { type AccessKeys, createAccessKeys } from './users/access-keys.ts'
import { type Catalogue, createCatalogue } from './users/catalogue.ts'
import { type WorldClock, createWorldClock } from './clock.ts'
import { type EventHub, createEventHub } from './events.ts'
import { type FaultRegistry, createFaultRegistry } from './faults/fault-registry.ts'
import { Mailbox } from './messages/inbox.ts'
import { type RequestLog, createRequestLog } from './request-log.ts'
import { type KeyRing, createKeyRing } from './tokens/signing-keys.ts'
import { type LinkStore, createLinkStore } from './links/link-store.ts'
import { type SessionRegistry, createSessionRegistry } from './sessions/session-registry.ts'
import { type Seed, plant } from './seed.ts'
import type { Settings } from './settings.ts'
import type { TokenContext } from './tokens/tokens.ts'
import { type UserDirectory, createUserDirectory } from './users/user-directory.ts'

/** The capacity of a world. Beyond it the oldest entries are dropped, so that it does not grow. */
const limits = { users: 5000, tokens: 10_000, links: 5000, messages: 500, requests: 500 }

/** The part of a world that `reset()` replaces. */
interface WorldState {
  readonly users: UserDirectory
  readonly links: LinkStore
  readonly sessions: SessionRegistry
  readonly accessKeys: AccessKeys
  readonly catalogue: Catalogue
}

/** All state of one project. Worlds share nothing. */
export interface World {
  readonly projectId: string
  readonly settings: Settings
  readonly clock: WorldClock
  readonly keys: KeyRing
  readonly events: EventHub
  readonly mailbox: Mailbox
  readonly faults: FaultRegistry
  readonly requestLog: RequestLog
  /** Replaced by `reset()`: read it again for each request. */
  readonly state: WorldState
  /** Aborted by `close()`; ends everything that waits in this world. */
  readonly closing: AbortSignal
  /**
   * Empties the world, to what it was seeded with, and sets its clock to the machine's time; keys and
   * event listeners stay.
   */
  reset(): void
  /** Ends everything that waits, with an error that says why. */
  close(why: string): void
}

/** A new world with what it is seeded with, or an empty one. */
export function createWorld(projectId: string, settings: Settings, seed: Seed = {}): World {
  const events = createEventHub()
  const clock = createWorldClock(() => {
    events.publish({ type: 'clock', now: clock.now(), offsetMs: clock.offsetMs })
  })
  const now = (): number => clock.now()
  const mailbox = new Mailbox(now, limits.messages, (message) => {
    events.publish({ type: 'message', message })
  })
  const faults = createFaultRegistry(() => events.publish({ type: 'faults-changed' }))
  const requestLog = createRequestLog(limits.requests)
  const keys = createKeyRing(now, settings.refreshLifetimeSeconds, () => {
    events.publish({ type: 'keys-rotated' })
  })
  const closing = new AbortController()
  // Every wait in a world listens to this signal; beyond ten, Node would warn of a leak.
  setMaxListeners(0, closing.signal)
  const freshState = (): WorldState => {
    const fresh = emptyState()
    plant(fresh, seed, now())
    return fresh
  }
  let state = freshState()

  return {
    projectId,
    settings,
    clock,
    keys,
    events,
    mailbox,
    faults,
    requestLog,
    get state() {
      return state
    },
    reset: () => {
      clock.reset()
      state = freshState()
      mailbox.clear()
      faults.clear()
      requestLog.clear()
      events.publish({ type: 'reset' })
    },
    closing: closing.signal,
    close: (why) => closing.abort(new Error(why)),
  }
}

function emptyState(): WorldState {
  return {
    users: createUserDirectory(limits.users),
    links: createLinkStore(limits.links),
    sessions: createSessionRegistry(limits.tokens),
    accessKeys: createAccessKeys(limits.users),
    catalogue: createCatalogue(limits.users),
  }
}

/** The parts of a world that signing and reading tokens need, at this moment. */
export function tokenContext(world: World): TokenContext {
  const { projectId, keys, settings, clock, state } = world
  return { projectId, keys, settings, catalogue: state.catalogue, now: clock.now() }
}
