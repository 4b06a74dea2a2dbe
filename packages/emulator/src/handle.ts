import { checkArguments } from './handle-arguments.ts'
import { type ClickReport, clickMessage } from './visitors/click.ts'
import { type ScanReport, scanMessage } from './visitors/scan.ts'
import type { WorldClock } from './world/clock.ts'
import type { RequestEntry } from './world/events.ts'
import type { Faults } from './world/faults/fault-registry.ts'
import type { Inbox } from './world/messages/inbox.ts'
import type { Message } from './world/messages/message.ts'
import { type SignInOptions, type SignedInUser, signIn } from './world/sessions/sign-in.ts'
import type { World } from './world/world.ts'

/** The API of one world, for tests. */
export interface EmulatorWorld {
  readonly projectId: string
  readonly inbox: InboxHandle
  /** Pass it to `createDescopeClient({ clock })`, so that client and emulator have the same time. */
  readonly clock: WorldClock
  readonly faults: Faults
  readonly keys: {
    /** Old keys stay published for `graceSeconds`; 0 invalidates them and their tokens at once. */
    rotate(options?: { graceSeconds?: number }): Promise<void>
  }
  /** Signs a user in without a link; creates the user if the login id is unknown. */
  signIn(loginId: string, options?: SignInOptions): Promise<SignedInUser>
  /** The requests to the service, newest first, without secrets. */
  requests(): readonly RequestEntry[]
  /**
   * Deletes users, links, sessions, messages, faults and requests, down to the seed; sets the clock to
   * real time.
   */
  reset(): void
}

/** A running emulator. It is itself the default world; `world(id)` returns the others. */
export interface Emulator extends EmulatorWorld {
  /** The `baseUrl` for SDKs, without a trailing slash. */
  readonly url: string
  /** The inbox page. */
  readonly inboxUrl: string
  /** The key for `/v1/mgmt/`; new at every start. */
  readonly managementKey: string
  /** With `tls`: the certificate to trust, as PEM, which is new at every start. */
  readonly caCertificate: string | undefined
  /**
   * The world of another project, created on its first use.
   *
   * @throws {TypeError} the project id is invalid
   */
  world(projectId: string): EmulatorWorld
  /** Stops the server and ends everything that waits on it. May be called again. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The inbox, with clients that open the links of its messages. */
export interface InboxHandle extends Inbox {
  /**
   * Opens a link as a browser on a new device and submits the form of its page, if there is one. On
   * an enchanted email `number` selects the link. @default the right link
   */
  click(messageId: string, number?: string): Promise<ClickReport>
  /** Visits the links as mail scanners do, and reports whether the app redeemed one. */
  scan(messageId: string): Promise<ScanReport>
}

/** Wraps a world in its API. */
export function worldHandle(world: World): EmulatorWorld {
  const { projectId, clock, faults, keys, requestLog } = world
  return {
    projectId,
    inbox: inboxHandle(world),
    clock,
    faults,
    keys: {
      rotate: async (options = {}) => {
        checkArguments.rotate(options)
        await keys.rotate(options)
      },
    },
    signIn: async (loginId, options = {}) => {
      checkArguments.signIn(loginId, options)
      return signIn(world, loginId, options)
    },
    requests: () => requestLog.list(),
    reset: () => world.reset(),
  }
}

function inboxHandle(world: World): InboxHandle {
  const { mailbox } = world
  const find = (messageId: string): Message => {
    const message = mailbox.get(messageId)
    if (message === undefined) throw new RangeError('The inbox has no message with that id.')
    return message
  }
  return {
    list: (filter) => {
      checkArguments.list(filter)
      return mailbox.list(filter)
    },
    get: (id) => mailbox.get(id),
    waitFor: async (options = {}) => {
      checkArguments.waitFor(options)
      const { signal } = options
      const closing = signal ? AbortSignal.any([signal, world.closing]) : world.closing
      return mailbox.waitFor({ ...options, signal: closing })
    },
    click: async (messageId, number) => clickMessage(world, find(messageId), number),
    scan: async (messageId) => scanMessage(world, find(messageId)),
  }
}
