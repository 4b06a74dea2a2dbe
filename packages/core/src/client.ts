import { type Account, createAccount } from './account.ts'
import type { Clock } from './clock.ts'
import type { Limits } from './http/exchange.ts'
import type { Call, Service } from './http/service.ts'
import { createMagicLink, type MagicLink } from './magic-link.ts'
import { type ClientOptions, resolveOptions, type TokenNames } from './options.ts'
import type { StateStore } from './state-store.ts'

/** What a client was made with: frozen, and without a secret. */
export interface ClientSettings {
  readonly projectId: string
  readonly baseUrl: string
  readonly clock: Clock
  readonly store: StateStore
  readonly tokenNames: TokenNames
}

/** How long one caller waits. */
export interface CallLimits {
  /** Ends the call with `ERR_ABORTED` when it aborts. */
  signal?: AbortSignal
  /** The deadline of each call, in milliseconds. @default the client's */
  timeoutMs?: number
}

/** The service, for one project. Calls resolve to a `Result`; checks of a token throw. */
export interface DescopeClient extends Account {
  readonly settings: ClientSettings
  readonly magicLink: MagicLink
  /** @deprecated The documents' spelling of {@link DescopeClient.magicLink}. */
  readonly magiclink: MagicLink
  /** The same client, sharing connections and caches, for one caller's deadline. */
  with(limits: CallLimits): DescopeClient
  /** Loads what the first call would load. */
  warmUp(): Promise<void>
  /** Ends what waits and releases the connections; later calls answer `ERR_CLOSED`. */
  close(): Promise<void>
}

/**
 * A client of one project. Opens no socket, arms no timer and reads no environment until a call
 * needs it.
 *
 * @throws {TypeError} an option cannot be right; the message names it and the cure
 */
export function createDescopeClient(options: ClientOptions): DescopeClient {
  const config = resolveOptions(options)
  const { projectId, baseUrl, clock, store, tokenNames } = config
  const settings = Object.freeze({ projectId, baseUrl, clock, store, tokenNames })
  let loading: Promise<Service> | undefined

  // undici and zod are most of the start-up time, and a process that only validates never calls.
  function service(): Promise<Service> {
    // oxlint-disable-next-line no-restricted-imports -- the one place where http/ is loaded
    loading ??= import('./http/service.ts').then(({ createService }) => createService(config))
    return loading
  }

  function withLimits(limits: Limits): DescopeClient {
    const call: Call = async (name, request) => (await service()).call(name, request, limits)
    const magicLink = createMagicLink(call)
    return {
      ...createAccount(call, { recordLogout: async () => {}, recordLogoutAll: async () => {} }),
      settings,
      magicLink,
      magiclink: magicLink,
      with: ({ signal = limits.signal, timeoutMs = limits.timeoutMs }) =>
        withLimits({ signal, timeoutMs }),
      warmUp: async () => {
        await service()
      },
      close: async () => {
        await (await service()).close()
      },
    }
  }

  return withLimits({ timeoutMs: config.timeoutMs, signal: undefined })
}
