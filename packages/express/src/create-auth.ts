import type { DescopeClient } from '@linkpass/core'
import {
  type AuthOptions as WebAuthOptions,
  type CookieNames,
  type PrepareLinkOptions,
  type UserAccount,
  createWebAuth,
} from '@linkpass/web'
import type { Request, RequestHandler } from 'express'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Middleware, guardMiddleware } from './guard.ts'
import { mountRoutes } from './mount.ts'
import { asRequest, readExpress } from './request-reader.ts'
import { type RequireSessionOptions, requireSessionBy } from './require-session.ts'
import { setCookies } from './response.ts'
import { type Upgrade, identifyUpgrade, sessionEnded } from './upgrade.ts'

/** Options of {@link createAuth}; hooks get Express's own request. */
export interface AuthOptions extends WebAuthOptions<Request> {}

/** Sign-in by link for one app. */
export interface Auth {
  /** What the browser's cookies are called, for tests and for other services. */
  readonly cookieNames: CookieNames
  /** All routes. Mount them at `basePath`: `app.use('/auth', auth.router())`. */
  router(): RequestHandler
  /** The callback alone, for apps that keep their own path. Mount it at `verifyPath`. */
  verifyCallback(): RequestHandler
  /**
   * Sets the attempt cookie and returns the callback URL, for apps that call the client themselves. A
   * cross-site request gets no cookie, so that its link has a button.
   *
   * @example await client.magicLink.signUpOrIn.email(address, auth.prepareLink(req, res))
   * @throws {TypeError} an option is invalid; no cookie was set
   */
  prepareLink(req: IncomingMessage, res: ServerResponse, options?: PrepareLinkOptions): string
  /** Lets only signed-in requests through; `getSession(req)` returns the session. */
  requireSession(options?: RequireSessionOptions): Middleware
  /** Lets every request through; `getAuth(req)` returns who sent it. */
  optionalSession(options?: Pick<RequireSessionOptions, 'cacheControl'>): Middleware
  /**
   * What the signed-in user of a request may ask of the service: `me`, `tenants`, `history` and
   * `selectTenant`. It sets the cookies of a new session on the response.
   *
   * @example const { data } = await auth.account(req).me()
   * @throws {TypeError} there is no response to this request
   */
  account(req: IncomingMessage): UserAccount
  /**
   * Whether a WebSocket may be opened: its `Origin` must be the app's or one of `trustedOrigins`, and its
   * session must be valid. Nothing is refreshed, since no cookie could be set: let clients send
   * `POST /refresh` before they try again.
   *
   * @param req of the server's `upgrade` event
   */
  identifyUpgrade(req: IncomingMessage): Promise<Upgrade>
  /**
   * A signal that aborts once the session of a request has ended, for server-sent events and sockets:
   * when the session token expires, and within a second after a logout or a revocation. All share one
   * timer.
   *
   * @param req a request that a guard or `identifyUpgrade` let through
   * @throws {Error} neither did
   */
  sessionEnded(req: IncomingMessage): AbortSignal
  /** Ends long polls and pollers. Call it before `server.close()`. */
  close(): void
}

/**
 * Makes sign-in by link for one app out of a client and the app's address.
 *
 * @throws {TypeError} an option is invalid; the message names it and the fix
 */
export function createAuth(client: DescopeClient, options: AuthOptions): Auth {
  const auth = createWebAuth(readExpress, client, options)
  return {
    cookieNames: auth.cookieNames,
    router: (...given: unknown[]) => {
      requireNoArguments('router', given)
      return mountRoutes(auth, 'basePath', auth.serve)
    },
    verifyCallback: (...given: unknown[]) => {
      requireNoArguments('verifyCallback', given)
      return mountRoutes(auth, 'verifyPath', auth.serveCallback)
    },
    prepareLink: (req, res, linkOptions) => {
      const { url, cookies } = auth.prepareLink(asRequest(req), linkOptions)
      setCookies(res, cookies)
      return url
    },
    account: (req) => {
      const { res } = asRequest(req)
      if (res === undefined)
        throw new TypeError('auth.account(req) needs the req of a handler, which has a response.')
      return auth.account(asRequest(req), (cookies) => setCookies(res, cookies))
    },
    identifyUpgrade: (req) => identifyUpgrade(auth, req),
    sessionEnded: (req) => sessionEnded(auth, req),
    requireSession: (guardOptions, ...given: unknown[]) => {
      requireNoArguments('requireSession', given)
      return requireSessionBy(auth.requireSession, guardOptions)
    },
    optionalSession: (guardOptions, ...given: unknown[]) => {
      requireNoArguments('optionalSession', given)
      return guardMiddleware(auth.optionalSession(guardOptions))
    },
    close: auth.close,
  }
}

// `app.use('/auth', auth.router)` compiles, and would leave every request without a response.
function requireNoArguments(name: keyof Auth, given: readonly unknown[]): void {
  if (given.length === 0) return
  throw new TypeError(`auth.${name} makes a handler. Call it: auth.${name}().`)
}
