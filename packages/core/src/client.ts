import { type Account, createAccount } from './calls/account.ts'
import { createEnchantedLink, type EnchantedLink } from './calls/enchanted-link.ts'
import { createMagicLink, type MagicLink } from './calls/magic-link.ts'
import { createWaitForSession } from './calls/wait-for-session.ts'
import { type Clock, createServiceTime, type ServiceTime } from './clock.ts'
import { checkOption, deadlineMs, onlyKnown } from './config/option-checks.ts'
import { RequestError } from './errors.ts'
import type { Call, Service } from './http/service.ts'
import { type Authorization, authorization } from './model/authorization.ts'
import { type ClientOptions, type Config, resolveOptions, type TokenNames } from './options.ts'
import type { Limits } from './on-abort.ts'
import { clientClosed, notLoaded, notSent } from './result.ts'
import { createClockCheck } from './session/clock-skew.ts'
import { createEndSession, countUnverified, type EndSession } from './session/end-session.ts'
import { limitedLogout } from './session/logout.ts'
import { createSessions, type SessionFunctions } from './session/sessions.ts'
import type { StateStore } from './store/state-store.ts'

/** The settings of a client: frozen, and without a secret. */
export interface ClientSettings {
  readonly projectId: string
  readonly baseUrl: string
  readonly clock: Clock
  readonly store: StateStore
  readonly tokenNames: TokenNames
  /** The deadline of a call, in milliseconds. */
  readonly timeoutMs: number
  /** The number of the format of sealed and stored values. */
  readonly format: number
}

/** Limits of the calls of one caller. */
export interface CallLimits {
  /** Ends a call with `ERR_ABORTED` when it aborts. @default that of the client `with` is called on */
  signal?: AbortSignal
  /** The deadline of each call, in milliseconds. @default that of the client `with` is called on */
  timeoutMs?: number
}

/**
 * A client of the service, for one project. Calls to the service resolve to a `Result` and never
 * reject; checks of a token throw, because a result that is not looked at would let everyone in. Each
 * function also works without its object.
 */
export interface DescopeClient extends Account, SessionFunctions, Authorization {
  readonly settings: ClientSettings
  /**
   * Ends the sessions of a request's tokens, for adapters: at the service and in the store. Never
   * rejects.
   */
  readonly endSession: EndSession
  readonly magicLink: MagicLink
  /** @deprecated The documents' spelling of {@link DescopeClient.magicLink}. */
  readonly magiclink: MagicLink
  readonly enchantedLink: EnchantedLink
  /**
   * The same client with other limits for its calls; it shares connections and caches. Checks of a
   * token keep the client's limits, because their key fetches and refreshes are shared.
   *
   * @throws {TypeError} a limit is invalid
   */
  readonly with: (limits: CallLimits) => DescopeClient
  /**
   * Loads the code that the first call would load, fetches the keys that the first check would wait for,
   * asks the store once, which connects it and shows one that is wrong, and with `revocation` reads what
   * was revoked. Does not reject when the store is unavailable: see {@link DescopeClient.health}.
   *
   * @throws {KeySetError} the keys are unavailable
   */
  readonly warmUp: () => Promise<void>
  /**
   * Whether this machine's clock is within five minutes of the service's, so that a new session would
   * be accepted here. Where that is not known, it is measured by a request that the service rejects. A
   * greater difference is reported once.
   */
  readonly isClockRight: () => Promise<boolean>
  /**
   * Ends waits with `ERR_CLOSED`, lets running calls finish, and releases the connections. Later
   * calls fail with `ERR_CLOSED`; checks of a token continue with the known keys.
   */
  readonly close: () => Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Creates a client of one project. This opens no socket, starts no timer and reads no environment;
 * the first call opens a connection.
 *
 * @throws {TypeError} an option is invalid; the message names it and the fix
 */
export function createDescopeClient(options: ClientOptions): DescopeClient {
  const config = resolveOptions(options)
  const { projectId, baseUrl, clock, store, tokenNames, timeoutMs, format } = config
  const revokesSessions = config.revocation !== undefined
  const ownLimits: Limits = { timeoutMs, signal: undefined }
  const serviceTime = createServiceTime(clock)
  const connection = connect(config, serviceTime.observe)
  const { call, closing } = connection
  const measure = (): Promise<void> => connection.measure(ownLimits)
  const maySend = countUnverified(clock)
  const sessions = createSessions({
    config,
    fetchKeys: (signal) => connection.fetchKeys({ timeoutMs, signal }),
    refresh: (token) => call('refresh', { token }, ownLimits),
    measure,
    serviceTime,
  })
  const shared = {
    settings: Object.freeze({ projectId, baseUrl, clock, store, tokenNames, timeoutMs, format }),
    ...sessions.functions,
    ...authorization,
    warmUp: async () => {
      await Promise.all([connection.warmUp(), sessions.warmUp()])
    },
    isClockRight: createClockCheck(serviceTime, measure, config.logger),
    close,
    [Symbol.asyncDispose]: close,
  }

  async function close(): Promise<void> {
    sessions.close()
    await connection.close()
  }

  function withLimits(limits: Limits): DescopeClient {
    const limited: Call = (name, request) => call(name, request, limits)
    const magicLink = createMagicLink(limited)
    const records = limitedLogout(sessions.records, limits)
    const waitForSession = createWaitForSession({ call, limits, clock, closing })
    return Object.freeze<DescopeClient>({
      ...shared,
      magicLink,
      magiclink: magicLink,
      enchantedLink: createEnchantedLink(limited, waitForSession),
      ...createAccount({
        call: limited,
        limits,
        record: sessions.records.record,
        mustRecord: revokesSessions,
        validateSession: sessions.functions.validateSession,
      }),
      endSession: createEndSession({ call: limited, records, maySend, revokesSessions }),
      with: (given) => withLimits(mergeLimits(limits, given)),
    })
  }

  return withLimits(ownLimits)
}

/** The connection to the service: loaded with the first call, and closed once. */
function connect(config: Config, observeTime: ServiceTime['observe']) {
  const closing = new AbortController()
  let loading: Promise<Service> | undefined
  let released: Promise<void> | undefined

  // undici and zod take most of the start-up time, so they are loaded with the first call.
  function load(): Promise<Service> {
    // oxlint-disable-next-line no-restricted-imports -- the only place where http/ is loaded
    loading ??= import('./http/service.ts')
      .then(({ createService }) => createService(config, observeTime))
      .catch((error: unknown) => {
        // The next call tries again.
        loading = undefined
        throw error
      })
    return loading
  }

  const call: Service['call'] = async (name, request, limits) => {
    if (closing.signal.aborted) return notSent(clientClosed())
    const service = await load().catch(notLoaded)
    return service instanceof RequestError ? notSent(service) : service.call(name, request, limits)
  }

  return {
    /** Aborts with the error of a closed client. */
    closing: closing.signal,
    call,
    async fetchKeys(limits: Limits): Promise<unknown> {
      if (closing.signal.aborted) throw clientClosed()
      return (await load()).fetchKeys(limits)
    },
    /** Learns the service's time, if a response comes; never rejects. */
    async measure(limits: Limits): Promise<void> {
      if (!closing.signal.aborted) {
        await load()
          .then((service) => service.measure(limits))
          .catch(() => {})
      }
    },
    warmUp: async () => (await load()).warmUp(),
    async close(): Promise<void> {
      closing.abort(clientClosed())
      // Once, because undici's pool rejects a second close. What did not load has no connections.
      released ??= loading?.then(
        (service) => service.close(),
        () => {},
      )
      await released
    },
  }
}

function mergeLimits(limits: Limits, given: CallLimits): Limits {
  onlyKnown('with', given, ['signal', 'timeoutMs'])
  const { signal = limits.signal, timeoutMs = limits.timeoutMs } = given
  const isSignal = signal === undefined || signal instanceof AbortSignal
  checkOption(isSignal, 'signal must be an AbortSignal.')
  return { signal, timeoutMs: deadlineMs(timeoutMs) }
}
