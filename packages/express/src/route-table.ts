import { isCrossSite, outageFailure } from '@linkpass/web'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { AuthContext } from './context.ts'
import { refuse } from './refuse.ts'

/**
 * What one path below the mount answers, by method. GET answers HEAD too; Express drops the body.
 * The third argument is the last segment of the path, where the table says `/:segment`.
 */
export type Handle = (req: Request, res: Response, segment: string) => void | Promise<void>

export interface Route {
  readonly GET?: Handle
  readonly POST?: Handle
}

/** Routes by path below the mount; `…/:segment` takes any one segment that no other path takes. */
export type RouteTable = Readonly<Record<string, Route>>

/**
 * One handler for a whole table. It is no `express.Router`, so that it is the same code in every
 * Express, and so that it knows what a path would have answered: 405 with `Allow`.
 *
 * Every unsafe method is refused when cross-site, here and nowhere else.
 *
 * @param option the option that says where it must be mounted; elsewhere is passed on as an error
 */
export function serveRoutes(
  context: AuthContext,
  option: 'basePath' | 'verifyPath',
  table: RouteTable,
): RequestHandler {
  const routes = new Map(Object.entries(table))
  const mount = context.settings[option]
  return (req, res, next) => {
    // Express compares mount paths without regard to case, so "/AUTH" reaches us too.
    if (req.baseUrl.toLowerCase() !== mount.toLowerCase()) {
      return next(wrongMount(option, mount, req.baseUrl))
    }
    const found = findRoute(routes, req.path)
    if (found === undefined) return next()
    const handle = handleFor(found.route, req.method)
    if (handle === undefined) {
      return refuse(context, req, res, { kind: 'method-not-allowed', allow: allowOf(found.route) })
    }
    if (isCrossSite(req, context.settings.app.origin)) {
      return refuse(context, req, res, { kind: 'cross-site' })
    }
    void run(context, handle, req, res, found.segment, next)
  }
}

// The path is the app's own, but for parameters in it: those a visitor chose, so it is cut.
function wrongMount(option: string, mount: string, mountedAt: string): Error {
  const at = mountedAt === '' ? '/' : mountedAt.slice(0, 100)
  const cure = `app.use("${mount}", …), or set ${option} to where they are`
  return new Error(`The routes were made for "${mount}" and are mounted at "${at}": ${cure}.`)
}

interface Found {
  readonly route: Route
  readonly segment: string
}

function findRoute(routes: ReadonlyMap<string, Route>, requested: string): Found | undefined {
  const path = requested.length > 1 && requested.endsWith('/') ? requested.slice(0, -1) : requested
  const exact = routes.get(path)
  if (exact !== undefined) return { route: exact, segment: '' }
  const slash = path.lastIndexOf('/')
  const route = routes.get(`${path.slice(0, slash)}/:segment`)
  return route && { route, segment: path.slice(slash + 1) }
}

function handleFor(route: Route, method: string): Handle | undefined {
  if (method === 'POST') return route.POST
  return method === 'GET' || method === 'HEAD' ? route.GET : undefined
}

function allowOf(route: Route): string {
  const methods = [route.GET && ['GET', 'HEAD'], route.POST && ['POST']]
  return methods.flatMap((known) => known ?? []).join(', ')
}

// Express 4 does not look at the promise a handler returns.
async function run(
  context: AuthContext,
  handle: Handle,
  req: Request,
  res: Response,
  segment: string,
  next: NextFunction,
): Promise<void> {
  try {
    await handle(req, res, segment)
  } catch (error) {
    const failure = outageFailure(error)
    if (failure === undefined) return next(error)
    refuse(context, req, res, failure)
  }
}
