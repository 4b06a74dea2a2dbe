/** Hono on Node as an adapter of the suite: middleware with typed context. */
import { getRequestListener } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { AuthOutcome, DescopeClient, Session } from '@linkpass/core'
import {
  type Auth,
  type ForResponse,
  type OptionalGuard,
  type SessionGuard,
  createAuth,
  getAuth,
  requireSession,
} from '@linkpass/fetch'
import type {
  TestAdapter,
  TestGuard,
  TestRoute,
  TestUpgrade,
} from '@linkpass/testing/adapter-suite/adapter'
import type { TestRequest } from '@linkpass/testing/adapter-suite/web-options'
import {
  type AppParts,
  type MountedApp,
  startTestApp,
} from '@linkpass/testing/adapter-suite/start-test-app'
import type { IncomingMessage } from 'node:http'
import { type Context, Hono, type MiddlewareHandler } from 'hono'

/** What the guards of this app leave in the context. */
interface Env {
  Variables: { outcome?: AuthOutcome; session?: Session | undefined }
}

export const hono: TestAdapter = {
  name: 'Hono',
  pathsKeepCase: true,
  start: (options = {}) => startTestApp(options, mount),
}

function mount(parts: AppParts): MountedApp {
  const { client, web, routes, guardFirst, isBehindProxy } = parts
  const { beforeSend, locale, loginOptions, onFailure, ...options } = web
  const auth = createAuth(client, {
    ...options,
    ...(locale && { locale: (request) => locale(headersOf(request)) }),
    ...(loginOptions && { loginOptions: (request) => loginOptions(headersOf(request)) }),
    ...(beforeSend && {
      beforeSend: (request, attempt) => beforeSend(headersOf(request), attempt),
    }),
    ...(onFailure && { onFailure: (event) => onFailure(event, headersOf(event.req)) }),
  })
  const app = new Hono<Env>()
  if (guardFirst !== undefined) app.use(guardOf(guardFirst, auth, client))
  app.use((c, next) => {
    const forwarded = isBehindProxy
      ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
      : undefined
    return auth.handler(c.req.raw, { ip: forwarded ?? getConnInfo(c).remote.address }) ?? next()
  })
  for (const route of routes) mountRoute(app, route, auth, client)
  const { cookieNames, close } = auth
  const listener = getRequestListener(app.fetch)
  const upgrade = (request: IncomingMessage): Promise<TestUpgrade> => upgradeOf(auth, request)
  return { handler: (req, res) => void listener(req, res), cookieNames, upgrade, close }
}

async function upgradeOf(auth: Auth, { headers }: IncomingMessage): Promise<TestUpgrade> {
  const pairs = Object.entries(headers).map(([name, value = '']) => [name, String(value)] as const)
  const request = new Request('http://localhost/', { headers: Object.fromEntries(pairs) })
  const decided = await auth.identifyUpgrade(request)
  if (decided.ok) return { ...decided, ended: () => auth.sessionEnded(request) }
  const { status } = decided.response
  const body = await decided.response.text()
  return {
    refuse: (socket) => socket.end(`HTTP/1.1 ${status} \r\nConnection: close\r\n\r\n${body}`),
  }
}

function mountRoute(app: Hono<Env>, route: TestRoute, auth: Auth, client: DescopeClient): void {
  const { path, guards = [] } = route
  const method = path === '*' ? 'ALL' : (route.method ?? 'GET')
  const middleware = guards.map((guard) => guardOf(guard, auth, client))
  app.on([method], [path], ...middleware, async (c) => {
    const parts: ForResponse[] = []
    const add = <Part extends ForResponse>(part: Part): Part => {
      parts.push(part)
      return part
    }
    const {
      status = 200,
      headers,
      body,
    } = await route.respond({
      client,
      request: readable(c),
      outcome: c.var.outcome,
      session: c.var.session,
      ended: () => auth.sessionEnded(c.req.raw),
      text: () => c.req.text(),
      account: () => add(auth.account(c.req.raw)),
      prepareLink: (options) => add(auth.prepareLink(c.req.raw, options)).url,
    })
    const init = { status, headers: { ...headers } }
    const response =
      typeof body === 'string'
        ? new Response(body, {
            status,
            headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers },
          })
        : Response.json(body, init)
    return parts.reduce((made, { apply }) => apply(made), response)
  })
}

function guardOf(guard: TestGuard, auth: Auth, client: DescopeClient): MiddlewareHandler<Env> {
  if (guard === 'optional') return middlewareOf(auth.optionalSession())
  if (guard === 'standalone') return middlewareOf(requireSession(client))
  if (guard === 'standalone-with-cookies') {
    return middlewareOf(requireSession(client, { cookies: auth.cookieNames }))
  }
  if (guard === 'required') return middlewareOf(auth.requireSession())
  const { tenant, ...options } = guard
  if (typeof tenant !== 'function') {
    return middlewareOf(auth.requireSession({ ...options, ...(tenant && { tenant }) }))
  }
  return async (c, next) => {
    const guarded = auth.requireSession({ ...options, tenant: () => tenant(readable(c)) })
    return await middlewareOf(guarded)(c, next)
  }
}

function middlewareOf(guard: SessionGuard | OptionalGuard): MiddlewareHandler<Env> {
  return async (c, next) => {
    const passed = await guard(c.req.raw)
    if (passed instanceof Response) return passed
    c.set('session', passed.session)
    c.set('outcome', getAuth(c.req.raw))
    await next()
    const response = passed.apply(c.res)
    // Hono would merge the headers of the response before into it.
    c.res = undefined
    c.res = response
    return undefined
  }
}

function readable({ req }: Context): TestRequest {
  return { header: (name) => req.header(name), param: (name) => req.param(name) }
}

function headersOf({ headers }: Request): TestRequest {
  return { header: (name) => headers.get(name) ?? undefined, param: () => undefined }
}
