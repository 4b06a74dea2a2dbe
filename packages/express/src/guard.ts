import type { AuthOutcome, Session } from '@linkpass/core'
import {
  FailureError,
  type Guard,
  type GuardDecision,
  getAuth as getAuthOf,
  getSession as getSessionOf,
} from '@linkpass/web'
import type { NextFunction, Request, Response } from 'express'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorOf, errorsTo, send, setCookies } from './response.ts'

/**
 * Responds to a failure by hand, in place of `next(error)`. As a method's type, so that its request may have
 * types of the app's own.
 */
export type FailureHandler = {
  respond(req: Request, res: Response, next: NextFunction, error: FailureError): unknown
}['respond']

/**
 * Middleware of Express. It names no parts of a path, so that the handlers after it get the types that
 * Express infers for them, such as `req.params`. As a method's type, so that a handler is one.
 */
export type Middleware = {
  handle(req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void
}['handle']

/**
 * A guard as Express middleware. It decides within the same turn unless I/O is needed.
 *
 * @param respond what responds where the guard leaves that to the app @default next(error)
 */
export function guardMiddleware(guard: Guard<Request>, respond?: FailureHandler): Middleware {
  function settle(
    req: Request & { auth?: AuthOutcome },
    res: Response,
    next: NextFunction,
    { cookies, failure, response, cacheControl }: GuardDecision,
  ): void {
    if (shared.setsAuth) req.auth = getAuth(req)
    if (cacheControl !== undefined && !res.hasHeader('Cache-Control')) {
      res.setHeader('Cache-Control', cacheControl)
    }
    if (cookies.length > 0) setCookies(res, cookies)
    if (failure === undefined) return next()
    if (response !== undefined) return send(res, response, next)
    if (failure.kind === 'app-error') return next(errorOf(failure.cause))
    const error = new FailureError(failure)
    if (respond === undefined) return next(error)
    // What the app's function throws, now or later, goes to the error handler, as in Express 5.
    void (async () => respond(req, res, next, error))().then(undefined, errorsTo(next))
  }

  return (req: Request, res: Response, next: NextFunction) => {
    // Else it would be missed after the decision, as an unhandled rejection that ends the process.
    if (typeof next !== 'function') throw new TypeError('A guard is called with (req, res, next).')
    let decision
    try {
      decision = guard(req)
    } catch (thrown) {
      return next(errorOf(thrown))
    }
    if (!(decision instanceof Promise)) return settle(req, res, next, decision)
    decision
      // A time-out of the app may have ended the response meanwhile: the request is over.
      .then((later) => res.writableEnded || settle(req, res, next, later))
      // Express catches what is thrown only until the guard has returned.
      .then(undefined, errorsTo(next))
  }
}

// Two copies of this package, such as both builds, share it.
const sharedAs = Symbol.for('linkpass.express')
const global: typeof globalThis & { [sharedAs]?: { setsAuth: boolean } } = globalThis
const shared = (global[sharedAs] ??= { setsAuth: false })

/** From now on guards set `req.auth`, which is what `@linkpass/express/register` is for. */
export function setAuthOnRequests(): void {
  // Not by default: other libraries have a `req.auth`, and setting one takes longer than the rest of
  // a cached guard.
  shared.setsAuth = true
}

/**
 * The session of a request that `requireSession()` let through.
 *
 * @throws {Error} no guard has run, or no user is signed in (after `optionalSession()`)
 */
export const getSession: (req: IncomingMessage) => Session = getSessionOf

/**
 * The whole outcome of a request, which tells a visitor without a session from an outage.
 *
 * @throws {Error} no guard has run
 */
export const getAuth: (req: IncomingMessage) => AuthOutcome = getAuthOf
