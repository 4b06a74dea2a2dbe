import type { AuthContext } from './context.ts'
import { takeUnsentCookies } from './guard/identify.ts'
import { isCrossSite } from './request/cross-site.ts'
import { factsOf } from './request/request-reader.ts'
import { failureResponse } from './response/failure-response.ts'
import { type WebResponse, withCookies } from './response/response.ts'
import { outageFailure } from './service-failure.ts'

/**
 * What one path responds, by method. GET also serves HEAD; the adapter drops the body. `segment` is
 * the last segment of the path, where the table says `/:segment`.
 */
export type Handler<R extends object> = (
  request: R,
  segment: string,
) => WebResponse | Promise<WebResponse>

export interface Route<R extends object> {
  readonly GET?: Handler<R>
  readonly POST?: Handler<R>
}

/** Routes by path below the mount. `…/:segment` takes any one segment that no other path takes. */
export type RouteTable<R extends object> = Readonly<Record<string, Route<R>>>

/**
 * Serves one path below the mount; undefined where there is no such path.
 *
 * @throws what a hook of the app threw; an outage is a 503 instead
 */
export type Serve<R extends object> = (request: R, path: string) => Promise<WebResponse> | undefined

/**
 * Serves a table of routes: 405 with `Allow` for another method, 403 for an unsafe method of a
 * cross-site request. This is the only place that refuses cross-site requests to routes.
 */
export function createServe<R extends object>(
  context: AuthContext<R>,
  table: RouteTable<R>,
): Serve<R> {
  const routes = new Map(Object.entries(table))
  return (request, path) => {
    const found = findRoute(routes, path)
    return found && respond(context, request, found)
  }
}

async function respond<R extends object>(
  context: AuthContext<R>,
  request: R,
  { route, segment }: Found<R>,
): Promise<WebResponse> {
  const facts = factsOf(context.read, request)
  const handler = handlerFor(route, facts.method)
  if (handler === undefined) {
    return failureResponse(context, request, { kind: 'method-not-allowed', allow: allowOf(route) })
  }
  if (handler === route.POST && isCrossSite(facts, context.settings.app.origin)) {
    return failureResponse(context, request, { kind: 'cross-site' })
  }
  const response = await withOutages(context, request, handler, segment)
  return withCookies(response, takeUnsentCookies(context.site, request))
}

async function withOutages<R extends object>(
  context: AuthContext<R>,
  request: R,
  handler: Handler<R>,
  segment: string,
): Promise<WebResponse> {
  try {
    return await handler(request, segment)
  } catch (error) {
    const failure = outageFailure(error)
    if (failure === undefined) throw error
    return failureResponse(context, request, failure)
  }
}

interface Found<R extends object> {
  readonly route: Route<R>
  readonly segment: string
}

function findRoute<R extends object>(
  routes: ReadonlyMap<string, Route<R>>,
  requested: string,
): Found<R> | undefined {
  const path = requested.length > 1 && requested.endsWith('/') ? requested.slice(0, -1) : requested
  const exact = routes.get(path)
  if (exact !== undefined) return { route: exact, segment: '' }
  const slash = path.lastIndexOf('/')
  const route = routes.get(`${path.slice(0, slash)}/:segment`)
  return route && { route, segment: path.slice(slash + 1) }
}

function handlerFor<R extends object>(route: Route<R>, method: string): Handler<R> | undefined {
  if (method === 'POST') return route.POST
  return method === 'GET' || method === 'HEAD' ? route.GET : undefined
}

function allowOf<R extends object>(route: Route<R>): string {
  const methods = [route.GET && ['GET', 'HEAD'], route.POST && ['POST']]
  return methods.flatMap((known) => known ?? []).join(', ')
}
