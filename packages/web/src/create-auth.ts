import type { DescopeClient, StateStore } from '@linkpass/core'
import { isMemoryStore } from '@linkpass/core/internal'
import { type UserAccount, userAccount } from './account/user-account.ts'
import { type PrepareLinkOptions, type PreparedLink, prepareLink } from './attempt/attempt.ts'
import { createContext } from './context.ts'
import type { GuardOptions, GuardSetup } from './guard/guard-options.ts'
import { type Guard, createOptionalGuard } from './guard/guard.ts'
import { type UpgradeDecision, identifyUpgrade, sessionEnd } from './guard/upgrade.ts'
import { requireSessionIn } from './guard/require-session.ts'
import type { AuthOptions } from './options.ts'
import { type RequestReader, withRequest } from './request/request-reader.ts'
import type { CookieNames } from './response/cookie-policy.ts'
import { clearedBy } from './response/failure-response.ts'
import type { CookieRecord } from './response/cookies.ts'
import { authRoutes, callbackRoutes } from './routes.ts'
import { type Serve, createServe } from './serve.ts'

/** Sign-in by link for one app, as an adapter uses it. `R` is the framework's request. */
export interface WebAuth<R extends object> {
  /** Where the routes are mounted. */
  readonly basePath: string
  readonly verifyPath: string
  /** What the browser's cookies are called, with every default applied. */
  readonly cookieNames: CookieNames
  /** Serves the path below `basePath`; undefined where there is none. */
  readonly serve: Serve<R>
  /** Serves the path below `verifyPath`; undefined where there is none. */
  readonly serveCallback: Serve<R>
  /** A guard that lets only signed-in requests through. */
  requireSession(this: void, setup: GuardSetup<R>): Guard<R>
  /** A guard that lets every request through, once it is known who sent it. */
  readonly optionalSession: (options?: Pick<GuardOptions<R>, 'cacheControl'>) => Guard<R>
  /** What the signed-in user may ask of the service; `setCookies` sets cookies on the response. */
  readonly account: (
    request: R,
    setCookies: (cookies: readonly CookieRecord[]) => void,
  ) => UserAccount
  /** Whether a WebSocket may be opened by this request. Nothing is refreshed. */
  readonly identifyUpgrade: (request: R) => Promise<UpgradeDecision>
  /** The end of the session of a request, released by `closed` or by the adapter once the connection is closed. */
  readonly sessionEnd: (request: R, closed?: AbortSignal) => ReturnType<typeof sessionEnd>
  /** What a link that the app sends by itself needs. */
  readonly prepareLink: (request: R, options?: PrepareLinkOptions) => PreparedLink
  /** Ends long polls and pollers. */
  readonly close: () => void
}

/**
 * Makes sign-in by link for one app, for an adapter.
 *
 * @throws {TypeError} an option is invalid; the message names it and the fix
 */
export function createWebAuth<R extends object>(
  read: RequestReader<R>,
  client: DescopeClient,
  options: AuthOptions<R>,
): WebAuth<R> {
  const context = createContext(read, client, options)
  warnOfOwnStore(client.settings.store)
  const { cookies, mounts } = context.settings
  function withCookies(name: string): typeof context {
    if (context.settings.session === 'cookies') return context
    throw new TypeError(
      `auth.${name} needs the session cookies, which session: 'none' does without. Check the session of the app's own instead.`,
    )
  }

  return {
    ...mounts,
    cookieNames: cookies.names,
    serve: createServe(context, authRoutes(context), 'basePath'),
    serveCallback: createServe(context, callbackRoutes, 'verifyPath'),
    requireSession: (setup) => requireSessionIn(withCookies('requireSession'), setup),
    optionalSession: (guardOptions = {}) =>
      createOptionalGuard(withCookies('optionalSession').site, guardOptions, (failure) =>
        clearedBy(context, failure),
      ),
    account: (request, set) => userAccount(withCookies('account'), request, set),
    identifyUpgrade: (request) => identifyUpgrade(withCookies('identifyUpgrade'), request),
    sessionEnd: (request, closed) => sessionEnd(withCookies('sessionEnded'), request, closed),
    prepareLink: (request, linkOptions) => prepareLink(withRequest(context, request), linkOptions),
    close: () => {
      context.closing.abort()
      context.broker.close()
    },
  }
}

let isWarned = false

/**
 * Warns once of a memory store in a process that is one of several: sign-ins that begin in one process
 * would fail in another, and a logout would be unknown there.
 */
function warnOfOwnStore(store: StateStore): void {
  if (isWarned || !isMemoryStore(store)) return
  const sign = signOfSeveral()
  if (sign === undefined) return
  isWarned = true
  const message = `This process is one of several (${sign}), and its state is in its own memory.`
  process.emitWarning(message, {
    code: 'LINKPASS_MEMORY_STORE',
    detail:
      'Give createDescopeClient a store that the processes share: redisStore(client) of @linkpass/redis.',
  })
}

/** What tells of other processes: PM2 numbers them, Lambda starts as many as it needs, a cluster has workers. */
function signOfSeveral(): string | undefined {
  const names = ['NODE_APP_INSTANCE', 'AWS_LAMBDA_FUNCTION_NAME']
  const name = names.find((one) => process.env[one] !== undefined)
  if (name !== undefined) return `${name} is set`
  // A worker has a parent to talk to, so others need not load the module.
  if (!process.connected) return undefined
  const cluster: object = process.getBuiltinModule('node:cluster')
  return 'isWorker' in cluster && cluster.isWorker === true ? 'a cluster worker' : undefined
}
