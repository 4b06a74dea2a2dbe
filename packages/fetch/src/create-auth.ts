import type { DescopeClient, Session } from '@linkpass/core'
import {
  type AuthOptions as WebAuthOptions,
  type CookieNames,
  type CookieRecord,
  FailureError,
  type PrepareLinkOptions,
  type UserAccount,
  type WebAuth,
  createWebAuth,
} from '@linkpass/web'
import {
  type ForResponse,
  type OptionalGuard,
  type SessionGuard,
  optionalGuard,
  requireRequest,
  requireResponse,
  watchApply,
} from './guard.ts'
import { type ConnectionInfo, readFetch, rememberAddress } from './request-reader.ts'
import { type RequireSessionOptions, requireSessionBy } from './require-session.ts'
import { responseTo, withCookies } from './response.ts'

/** Options of {@link createAuth}; hooks get the `Request`. */
export interface AuthOptions extends WebAuthOptions<Request> {}

/** A link that the app sends by itself. */
export interface PreparedLink extends ForResponse {
  /** The `uri` of the call that sends the link. */
  readonly url: string
}

/** What the signed-in user may ask of the service. Its `apply` sets the cookies of a new session. */
export interface Account extends UserAccount, ForResponse {}

/** Whether a WebSocket may be opened. */
export type Upgrade =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly error: FailureError; readonly response: Response }

/** Sign-in by link for one app. */
export interface Auth {
  /** What the browser's cookies are called, for tests and for other services. */
  readonly cookieNames: CookieNames
  /**
   * Serves the routes below `basePath` and `verifyPath`; undefined for any other path, which is the
   * app's own. What a function of the app throws is printed, and the response is a 500.
   *
   * @example const response = (await auth.handler(request, { ip })) ?? ownRoutes(request)
   */
  handler(this: void, request: Request, info: ConnectionInfo): Promise<Response> | undefined
  /**
   * The callback URL for apps that call the client themselves. Its `apply` sets the attempt cookie, except
   * for a cross-site request, so that its link has a button.
   *
   * @example const { url, apply } = auth.prepareLink(request)
   * @throws {TypeError} an option is invalid
   */
  prepareLink(this: void, request: Request, options?: PrepareLinkOptions): PreparedLink
  /** Makes a guard that lets only signed-in requests through. */
  requireSession(this: void, options?: RequireSessionOptions): SessionGuard
  /** Makes a guard that lets every request through, once it is known who sent it. */
  optionalSession(this: void, options?: Pick<RequireSessionOptions, 'cacheControl'>): OptionalGuard
  /**
   * What the signed-in user of a request may ask of the service: `me`, `tenants`, `history` and
   * `selectTenant`.
   *
   * @example const { data } = await auth.account(request).me()
   */
  account(this: void, request: Request): Account
  /**
   * Whether a WebSocket may be opened: its `Origin` must be the app's or one of `trustedOrigins`, and its
   * session must be valid. Nothing is refreshed, since no cookie could be set: let clients send
   * `POST /refresh` before they try again.
   */
  identifyUpgrade(this: void, request: Request): Promise<Upgrade>
  /**
   * A signal that aborts once the session of a request has ended, for server-sent events and sockets:
   * when the session token expires, and within a second after a logout or a revocation. All share one
   * timer.
   *
   * @param request one that a guard or `identifyUpgrade` let through
   * @param closed aborts when the connection is closed, so that the watch ends @default request.signal
   * @throws {Error} neither did
   */
  sessionEnded(this: void, request: Request, closed?: AbortSignal): AbortSignal
  /** Ends long polls and pollers. Call it before the server stops. */
  close(this: void): void
}

/**
 * Makes sign-in by link for one app out of a client and the app's address.
 *
 * @throws {TypeError} an option is invalid; the message names it and the fix
 */
export function createAuth(client: DescopeClient, options: AuthOptions): Auth {
  const auth = createWebAuth(readFetch, client, options)
  const watch = watchApply(client.settings.clock)
  return {
    cookieNames: auth.cookieNames,
    handler: (request, info) => handle(auth, request, info),
    prepareLink: (request, linkOptions) => {
      const { url, cookies } = auth.prepareLink(requireRequest('prepareLink', request), linkOptions)
      return { url, apply: (response) => withCookies(requireResponse(response), cookies) }
    },
    requireSession: (guardOptions) => requireSessionBy(auth.requireSession, watch, guardOptions),
    optionalSession: (guardOptions) => optionalGuard(auth.optionalSession(guardOptions), watch),
    account: (request) => {
      const set: CookieRecord[] = []
      const account = auth.account(requireRequest('account', request), (cookies) =>
        set.push(...cookies),
      )
      return { ...account, apply: (response) => withCookies(requireResponse(response), set) }
    },
    identifyUpgrade: async (request) => {
      const decision = await auth.identifyUpgrade(requireRequest('identifyUpgrade', request))
      if (decision.ok) return decision
      const { failure, response } = decision
      const error = new FailureError(failure)
      return { ok: false, error, response: responseTo(request, response) }
    },
    sessionEnded: (request, closed = request.signal) =>
      auth.sessionEnd(requireRequest('sessionEnded', request), closed).signal,
    close: auth.close,
  }
}

function handle(
  auth: WebAuth<Request>,
  request: Request,
  info: ConnectionInfo,
): Promise<Response> | undefined {
  const [path = ''] = readFetch.target(requireRequest('handler', request)).split('?', 1)
  rememberAddress(request, info?.ip)
  const response =
    serveBelow(auth.basePath, auth.serve) ?? serveBelow(auth.verifyPath, auth.serveCallback)
  return response?.then((found) => responseTo(request, found))

  // Case counts, as in the routers of these frameworks: a guard in front of a path would not run for
  // another spelling of it.
  function serveBelow(mount: string, serve: WebAuth<Request>['serve']): ReturnType<typeof serve> {
    if (path === mount) return serve(request, '/')
    return path.startsWith(`${mount}/`) ? serve(request, path.slice(mount.length)) : undefined
  }
}
