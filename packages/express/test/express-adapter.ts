/** Express 4 and 5 as adapters of the suite, and apps with routes in Express's own terms. */
import type { DescopeClient } from '@linkpass/core'
import { type Auth, createAuth, getAuth, requireSession } from '@linkpass/express'
import type {
  TestAdapter,
  TestApp,
  TestAppOptions,
  TestCall,
  TestGuard,
  TestResponse,
  TestRoute,
  TestUpgrade,
} from '@linkpass/testing/adapter-suite/adapter'
import type { TestRequest } from '@linkpass/testing/adapter-suite/web-options'
import {
  type AppParts,
  type MountedApp,
  startTestApp,
} from '@linkpass/testing/adapter-suite/start-test-app'
import framework5, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import type { IncomingMessage } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
// @ts-expect-error -- Express 4 has no types of its own here; the adapter treats both alike
import framework4 from 'express4'

/** The Express module of a version, for its body parsers. */
export type Framework = typeof framework5

export const expressVersions: readonly (4 | 5)[] = [4, 5]

/** Express of that version. */
export function frameworkOf(version: 4 | 5): Framework {
  return version === 4 ? (framework4 as Framework) : framework5
}

/** An app with routes and middleware in Express's own terms. */
export interface ExpressAppOptions extends TestAppOptions {
  /** @default 5 */
  readonly version?: 4 | 5
  /** Runs before the router is mounted: body parsers, cookie parsers, settings. */
  readonly before?: (app: Express, framework: Framework) => void
  /** Runs after the router is mounted: the app's own routes. */
  readonly expressRoutes?: (app: Express, auth: Auth, client: DescopeClient) => void
}

export interface ExpressApp extends TestApp {
  readonly auth: Auth
}

export const express4: TestAdapter = adapterOf(4)
export const express5: TestAdapter = adapterOf(5)
export const expressAdapters: readonly TestAdapter[] = [express4, express5]

function adapterOf(version: 4 | 5): TestAdapter {
  return {
    name: `Express ${version}`,
    start: (options) => startExpressApp({ ...options, version }),
  }
}

/** Starts an Express app on a free port. */
export async function startExpressApp(options: ExpressAppOptions = {}): Promise<ExpressApp> {
  const { version = 5, before, expressRoutes, ...neutral } = options
  let auth: Auth | undefined
  const app = await startTestApp(neutral, (parts) => {
    const framework = frameworkOf(version)
    const server = framework()
    before?.(server, framework)
    const mounted = mountIn(server, parts)
    auth = mounted.auth
    expressRoutes?.(server, mounted.auth, parts.client)
    return mounted
  })
  return Object.assign(app, { auth: auth! })
}

function mountIn(app: Express, parts: AppParts): MountedApp & { auth: Auth } {
  const { client, web, basePath, routes, guardFirst, isBehindProxy } = parts
  if (isBehindProxy) app.set('trust proxy', 1)
  const { beforeSend, locale, loginOptions, onFailure, ...options } = web
  const auth = createAuth(client, {
    ...options,
    ...(locale && { locale: (req) => locale(requestOf(req)) }),
    ...(loginOptions && { loginOptions: (req) => loginOptions(requestOf(req)) }),
    ...(beforeSend && { beforeSend: (req, attempt) => beforeSend(requestOf(req), attempt) }),
    ...(onFailure && { onFailure: (event) => onFailure(event, requestOf(event.req)) }),
  })
  if (guardFirst !== undefined) app.use(guardOf(guardFirst, auth, client))
  app.use(basePath, auth.router())
  if (web.verifyPath !== undefined) app.use(web.verifyPath, auth.verifyCallback())
  for (const route of routes) mountRoute(app, route, auth, client)
  const { cookieNames } = auth
  const upgrade = async (req: IncomingMessage): Promise<TestUpgrade> => {
    const decided = await auth.identifyUpgrade(req)
    return decided.ok ? { ...decided, ended: () => auth.sessionEnded(req) } : decided
  }
  return { handler: app, cookieNames, upgrade, close: () => auth.close(), auth }
}

function mountRoute(app: Express, route: TestRoute, auth: Auth, client: DescopeClient): void {
  const { method = 'GET', path, guards = [] } = route
  const handlers = [
    ...guards.map((guard) => guardOf(guard, auth, client)),
    async (req: Request, res: Response, next: NextFunction): Promise<void> => {
      const outcome = guards.length > 0 ? getAuth(req) : undefined
      const call: TestCall = {
        request: requestOf(req),
        client,
        outcome,
        session: outcome?.status === 'signed-in' ? outcome.session : undefined,
        ended: () => auth.sessionEnded(req),
        text: () => textOf(req),
        account: () => auth.account(req),
        prepareLink: (linkOptions) => auth.prepareLink(req, res, linkOptions),
      }
      // Express 4 ignores the promise of a handler, so that errors are passed on by hand.
      try {
        send(res, await route.respond(call))
      } catch (error) {
        next(error)
      }
    },
  ]
  if (path === '*') app.use(...handlers)
  else if (method === 'ALL') app.all(path, ...handlers)
  else app[method === 'GET' ? 'get' : 'post'](path, ...handlers)
}

function send(res: Response, { status = 200, headers = {}, body }: TestResponse): void {
  res.status(status)
  res.set(headers)
  if (typeof body === 'string') res.send(body)
  else res.json(body)
}

function guardOf(guard: TestGuard, auth: Auth, client: DescopeClient): RequestHandler {
  if (guard === 'optional') return auth.optionalSession()
  if (guard === 'standalone') return requireSession(client)
  if (guard === 'standalone-with-cookies') {
    return requireSession(client, { cookies: auth.cookieNames })
  }
  if (guard === 'required') return auth.requireSession()
  const { tenant, ...options } = guard
  if (tenant === undefined) return auth.requireSession(options)
  const tenantOf = typeof tenant === 'string' ? tenant : (req: Request) => tenant(requestOf(req))
  return auth.requireSession({ ...options, tenant: tenantOf })
}

function requestOf(req: Request): TestRequest {
  return {
    header: (name) => req.get(name),
    param: (name) => {
      const value = req.params[name]
      return typeof value === 'string' ? value : undefined
    },
  }
}
