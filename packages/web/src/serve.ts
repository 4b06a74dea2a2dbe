import type { AuthContext, RouteContext } from './context.ts'
import { knownIdentity, takeUnsent } from './guard/identify.ts'
import { crossSiteFailure } from './request/cross-site.ts'
import { isSafeMethod, withRequest } from './request/request-reader.ts'
import { failureResponse, withOnFailure } from './response/failure-response.ts'
import { rendered } from './response/page-response.ts'
import { type WebResponse, noContent, redirect, withCookies } from './response/response.ts'
import { reportedError, reportedOutage } from './report.ts'

/**
 * What one path responds, by method. GET also serves HEAD; the adapter drops the body. `segment` is
 * the last segment of the path, where the table says `/:segment`.
 */
export type Handler = (context: RouteContext, segment: string) => WebResponse | Promise<WebResponse>

export interface Route {
  readonly GET?: Handler
  readonly POST?: Handler
}

/** Routes by path below the mount. `…/:segment` takes any one segment that no other path takes. */
export type RouteTable = Readonly<Record<string, Route>>

/**
 * Serves one path below the mount; undefined where there is no such path.
 *
 * An outage is a 503, and what a function of the app threw is a 500.
 */
export type Serve<R extends object> = (request: R, path: string) => Promise<WebResponse> | undefined

/**
 * Serves a table of routes below a mount: 405 with `Allow` for another method, 403 for an unsafe method
 * of a cross-site request. This is the only place that refuses cross-site requests to routes.
 *
 * Paths are exact, since a guard in front of a route guards its exact path. A page whose path has a
 * slash too many is redirected.
 */
export function createServe(
  app: AuthContext,
  table: RouteTable,
  mount: 'basePath' | 'verifyPath',
): Serve<object> {
  const routes = new Map(Object.entries(table))
  return (request, path) => {
    const found = findRoute(routes, path)
    const context = withRequest(app, request)
    if (found !== undefined) return respond(context, found)
    const exact = path.replaceAll(/\/{2,}/g, '/').replace(/(.)\/$/, '$1')
    if (!isSafeMethod(context.method) || findRoute(routes, exact) === undefined) return undefined
    const [query = ''] = /\?.*/.exec(context.target) ?? []
    const response = redirect(`${app.settings[mount]}${exact}${query}`)
    return Promise.resolve(withCors(context, response))
  }
}

async function respond(context: RouteContext, found: Found): Promise<WebResponse> {
  if (isPreflight(context)) {
    return withCors(context, preflightResponse(context, allowOf(found.route)))
  }
  const response = await handled(context, found)
  const final = response.failed === undefined ? response : await withOnFailure(context, response)
  return withCors(context, final.page === undefined ? final : await rendered(context, final))
}

async function handled(context: RouteContext, { route, segment }: Found): Promise<WebResponse> {
  const { method, request, settings, site } = context
  const isRead = method === 'GET' || method === 'HEAD'
  const handler = isRead ? route.GET : method === 'POST' ? route.POST : undefined
  if (handler === undefined) {
    return failureResponse(context, { kind: 'method-not-allowed', allow: allowOf(route) })
  }
  const forged = isRead ? undefined : crossSiteFailure(context, settings.app)
  if (forged) return failureResponse(context, forged)
  const response = await withErrors(context, () => handler(context, segment))
  return withCookies(response, takeUnsent(knownIdentity(site, request)))
}

async function withErrors(
  context: RouteContext,
  handle: () => WebResponse | Promise<WebResponse>,
): Promise<WebResponse> {
  try {
    return await handle()
  } catch (error) {
    return failureResponse(context, reportedOutage(error) ?? reportedError(error))
  }
}

interface Found {
  readonly route: Route
  readonly segment: string
}

function findRoute(routes: ReadonlyMap<string, Route>, path: string): Found | undefined {
  const exact = routes.get(path)
  if (exact !== undefined) return { route: exact, segment: '' }
  const slash = path.lastIndexOf('/') + 1
  const route = slash < path.length ? routes.get(`${path.slice(0, slash)}:segment`) : undefined
  return route && { route, segment: path.slice(slash) }
}

function allowOf({ GET, POST }: Route): string {
  return [GET && 'GET, HEAD', POST && 'POST'].filter(Boolean).join(', ')
}

// CORS for front ends that the app trusts: https://fetch.spec.whatwg.org/#http-cors-protocol.

/** The same response, which a front end that the app trusts may read, with its cookies. */
function withCors({ header, settings }: RouteContext, response: WebResponse): WebResponse {
  const { trusted } = settings.app
  if (trusted.length === 0) return response
  const origin = header('origin') ?? ''
  const { Vary } = response.headers
  const headers = { ...response.headers, Vary: Vary === undefined ? 'Origin' : `${Vary}, Origin` }
  if (!trusted.includes(origin)) return { ...response, headers }
  return {
    ...response,
    headers: {
      ...headers,
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': 'Retry-After',
    },
  }
}

/** Whether a browser asks what a front end that the app trusts may send. */
function isPreflight({ header, method, settings }: RouteContext): boolean {
  return (
    method === 'OPTIONS' &&
    header('access-control-request-method') !== undefined &&
    settings.app.trusted.includes(header('origin') ?? '')
  )
}

/**
 * A front end may send any header: scripts of others add some of theirs, such as `traceparent`.
 *
 * @param allow the methods of the route
 */
function preflightResponse({ header }: RouteContext, allow: string): WebResponse {
  const headers = {
    'Access-Control-Allow-Methods': allow,
    'Access-Control-Allow-Headers': header('access-control-request-headers') ?? '',
    'Access-Control-Max-Age': '600',
    Vary: 'Access-Control-Request-Headers',
  }
  const response = noContent()
  return { ...response, headers: { ...response.headers, ...headers } }
}
