import { type ClickReport, clickMessage } from './visitors/click.ts'
import { type ScanReport, scanMessage } from './visitors/scan.ts'
import type { WorldClock } from './world/clock.ts'
import type { RequestEntry } from './world/events.ts'
import type { Faults } from './world/faults/fault-registry.ts'
import type { Inbox } from './world/messages/inbox.ts'
import type { Message } from './world/messages/message.ts'
import { type SignInOptions, type SignedInPerson, signIn } from './world/sessions/sign-in.ts'
import type { World } from './world/world.ts'

/** One world from outside: what a test holds in its hand. */
export interface EmulatorWorld {
  readonly projectId: string
  readonly inbox: InboxHandle
  /** Pass it to `createDescopeClient({ clock })`, so that both sides live in one time. */
  readonly clock: WorldClock
  readonly faults: Faults
  readonly keys: {
    /** Old keys stay published for `graceSeconds`; 0 retires them, and their tokens, at once. */
    rotate(options?: { graceSeconds?: number }): Promise<void>
  }
  /** Signs somebody in without a link, and makes them first if they are new. */
  signIn(loginId: string, options?: SignInOptions): Promise<SignedInPerson>
  /** The requests to the service, newest first, without anything secret. */
  requests(): readonly RequestEntry[]
  /** Forgets people, links, sessions, messages, faults and requests; back to the machine's time. */
  reset(): void
}

/** The inbox, and people and machines that open what is in it. */
export interface InboxHandle extends Inbox {
  /**
   * Opens a link as a person on a new device would, and presses the button of the page if it has
   * one. On an enchanted mail `number` chooses the link. @default the right one
   */
  click(messageId: string, number?: string): Promise<ClickReport>
  /** Visits the links as mail security does, and reports whether the app let one be spent. */
  scan(messageId: string): Promise<ScanReport>
}

/** The handle on a world. */
export function worldHandle(world: World): EmulatorWorld {
  const { projectId, clock, faults, keys, journal } = world
  return {
    projectId,
    inbox: inboxHandle(world),
    clock,
    faults,
    keys: {
      rotate: async (options) => {
        await keys.rotate(options)
      },
    },
    signIn: (loginId, options) => signIn(world, loginId, options),
    requests: () => journal.list(),
    reset: () => world.reset(),
  }
}

function inboxHandle(world: World): InboxHandle {
  const { mailbox } = world
  const find = (messageId: string): Message => {
    const message = mailbox.get(messageId)
    if (message === undefined) throw new RangeError('There is no message of that id.')
    return message
  }
  return {
    list: (filter) => mailbox.list(filter),
    get: (id) => mailbox.get(id),
    waitFor: (options = {}) => {
      const { signal } = options
      const closing = signal ? AbortSignal.any([signal, world.closing]) : world.closing
      return mailbox.waitFor({ ...options, signal: closing })
    },
    click: async (messageId, number) => clickMessage(world, find(messageId), number),
    scan: async (messageId) => scanMessage(world, find(messageId)),
  }
}
