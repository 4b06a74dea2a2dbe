import type { DescopeClient } from '@linkpass/core'
import type { Request, RequestHandler, Response } from 'express'
import { createContext } from './context.ts'
import type { AuthOptions } from './options.ts'
import type { RequireSessionOptions } from './guard-options.ts'
import { optionalSessionIn, requireSessionIn } from './require-session.ts'
import { serveRoutes } from './route-table.ts'
import { authRoutes } from './routes.ts'
import { type PrepareLinkOptions, prepareLink } from './start-link.ts'
import { verifyRoutes } from './verify-routes.ts'

/** Sign-in by link for one app. */
export interface Auth {
  /** All routes; mount it at `basePath`: `app.use('/auth', auth.router())`. */
  router(): RequestHandler
  /** The callback alone, for apps that keep their own path; mount it at `verifyPath`. */
  verifyCallback(): RequestHandler
  /**
   * Sets the attempt cookie and returns the callback URL, for apps that call the client themselves.
   *
   * @example await client.magicLink.signUpOrIn.email(address, auth.prepareLink(req, res))
   */
  prepareLink(req: Request, res: Response, options?: PrepareLinkOptions): string
  /** Lets only signed-in requests through; `getSession(req)` has the session. */
  requireSession(options?: RequireSessionOptions): RequestHandler
  /** Lets every request through; `getAuth(req)` tells who sent it. */
  optionalSession(): RequestHandler
  /** Ends long polls and pollers; call it before `server.close()`. */
  close(): void
}

/**
 * Makes sign-in by link for one app out of a client and the app's address.
 *
 * @throws {TypeError} an option cannot be right; the message names it and the cure
 */
export function createAuth(client: DescopeClient, options: AuthOptions): Auth {
  const context = createContext(client, options)
  const callback = verifyRoutes(context)
  return {
    router: (...given: unknown[]) => {
      called('router', given)
      return serveRoutes(context, 'basePath', authRoutes(context, callback))
    },
    verifyCallback: (...given: unknown[]) => {
      called('verifyCallback', given)
      return serveRoutes(context, 'verifyPath', callback)
    },
    prepareLink: (req, res, linkOptions) => prepareLink(context, req, res, linkOptions),
    requireSession: (guardOptions, ...given: unknown[]) => {
      called('requireSession', given)
      return requireSessionIn(context, guardOptions)
    },
    optionalSession: (...given: unknown[]) => {
      called('optionalSession', given)
      return optionalSessionIn(context)
    },
    close: () => context.broker.close(),
  }
}

// `app.use('/auth', auth.router)` compiles, and would leave every request without an answer.
function called(name: keyof Auth, unexpected: readonly unknown[]): void {
  if (unexpected.length === 0) return
  throw new TypeError(`auth.${name} makes a handler: call it, as auth.${name}().`)
}
