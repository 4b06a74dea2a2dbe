import { type Account, createAccount } from './calls/account.ts'
import { type Authorization, authorization } from './model/authorization.ts'
import type { Clock } from './clock.ts'
import { createEnchantedLink, type EnchantedLink } from './calls/enchanted-link.ts'
import { RequestError } from './errors.ts'
import type { Limits } from './http/exchange.ts'
import type { Call, Service } from './http/service.ts'
import { createMagicLink, type MagicLink } from './calls/magic-link.ts'
import { onlyKnown } from './config/option-checks.ts'
import {
  abortSignal,
  type ClientOptions,
  deadlineMs,
  resolveOptions,
  type TokenNames,
} from './options.ts'
import { notSent } from './result.ts'
import { createSessions, type Sessions } from './session/sessions.ts'
import type { StateStore } from './store/state-store.ts'
import { createWaitForSession } from './calls/wait-for-session.ts'

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
  /** Ends a call with `ERR_ABORTED` when it aborts. @default the signal of the client it is made from */
  signal?: AbortSignal
  /** The deadline of each call, in milliseconds. @default that of the client it is made from */
  timeoutMs?: number
}

/** What the client does with session tokens without asking the service. */
type SessionChecks = Pick<
  Sessions,
  | 'validateSession'
  | 'refreshSession'
  | 'validateAndRefreshSession'
  | 'authenticate'
  | 'validateSignIn'
>

/**
 * The service, for one project. Calls to it resolve to a `Result` and never reject; checks of a
 * token throw, because a check whose answer can be ignored is a hole. Any of its functions can be
 * taken out of its object.
 */
export interface DescopeClient extends Account, SessionChecks, Authorization {
  readonly settings: ClientSettings
  readonly magicLink: MagicLink
  /** @deprecated The documents' spelling of {@link DescopeClient.magicLink}. */
  readonly magiclink: MagicLink
  readonly enchantedLink: EnchantedLink
  /**
   * The same client, sharing connections and caches, for one caller's deadline. It bounds calls to
   * the service; checks of a token, whose key fetches and refreshes are shared, keep the client's.
   *
   * @throws {TypeError} a limit cannot be right
   */
  readonly with: (limits: CallLimits) => DescopeClient
  /**
   * Loads what the first call would load, and fetches the keys the first check would wait for.
   *
   * @throws {KeySetError} the keys are out of reach
   */
  readonly warmUp: () => Promise<void>
  /**
   * Ends waits with `ERR_CLOSED`, lets calls under way finish, and releases the connections. Later
   * calls answer `ERR_CLOSED`; checks of a token go on with the keys at hand.
   */
  readonly close: () => Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A client of one project. Opens no socket, arms no timer and reads no environment; connections
 * are made by the first call.
 *
 * @throws {TypeError} an option cannot be right; the message names it and the cure
 */
export function createDescopeClient(options: ClientOptions): DescopeClient {
  const config = resolveOptions(options)
  const { projectId, baseUrl, clock, store, tokenNames, timeoutMs } = config
  const settings = Object.freeze({ projectId, baseUrl, clock, store, tokenNames })
  const ownLimits: Limits = { timeoutMs, signal: undefined }
  const waits = new Set<AbortController>()
  let loading: Promise<Service> | undefined
  let isClosed = false
  let releasing: Promise<void> | undefined

  // undici and zod are most of the start-up time, so they load with the first call that needs them.
  function service(): Promise<Service> {
    // oxlint-disable-next-line no-restricted-imports -- the one place where http/ is loaded
    loading ??= import('./http/service.ts').then(({ createService }) => createService(config))
    return loading
  }

  const call: Service['call'] = async (name, request, limits) =>
    isClosed ? notSent(closed()) : (await service()).call(name, request, limits)

  const sessions = createSessions({
    config,
    fetchKeys: async (signal) => {
      if (isClosed) throw closed()
      return (await service()).fetchKeys({ timeoutMs, signal })
    },
    refresh: (token) => call('refresh', { token }, ownLimits),
  })

  async function warmUp(): Promise<void> {
    await Promise.all([service().then((http) => http.warmUp()), sessions.warmUp()])
  }

  async function close(): Promise<void> {
    isClosed = true
    for (const wait of waits) wait.abort(closed())
    sessions.close()
    // Once: the pool rejects a second time, as when a block ends that closed its client by hand.
    releasing ??= loading?.then((http) => http.close())
    await releasing
  }

  function withLimits(limits: Limits): DescopeClient {
    const limited: Call = (name, request) => call(name, request, limits)
    const magicLink = createMagicLink(limited)
    const waitForSession = createWaitForSession({ call, limits, clock, waits })
    return Object.freeze<DescopeClient>({
      settings,
      magicLink,
      magiclink: magicLink,
      enchantedLink: createEnchantedLink(limited, waitForSession),
      ...createAccount(limited, sessions, config.revocation !== undefined),
      validateSession: (jwt, options) => sessions.validateSession(jwt, options),
      refreshSession: (jwt, options) => sessions.refreshSession(jwt, options),
      validateAndRefreshSession: (sessionJwt, refreshJwt, options) =>
        sessions.validateAndRefreshSession(sessionJwt, refreshJwt, options),
      authenticate: (presented) => sessions.authenticate(presented),
      validateSignIn: (tokens) => sessions.validateSignIn(tokens),
      ...authorization,
      with: (given) => {
        onlyKnown('with', given, ['signal', 'timeoutMs'])
        const { signal = limits.signal, timeoutMs = limits.timeoutMs } = given
        return withLimits({ signal: abortSignal(signal), timeoutMs: deadlineMs(timeoutMs) })
      },
      warmUp,
      close,
      [Symbol.asyncDispose]: close,
    })
  }

  return withLimits(ownLimits)
}

function closed(): RequestError {
  return new RequestError('ERR_CLOSED', 'The client is closed.')
}
