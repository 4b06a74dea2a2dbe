import type { Serve, WebAuth } from '@linkpass/web'
import type { Request, RequestHandler } from 'express'
import { errorsTo, send } from './response.ts'

/** Serves the routes that are made for one mount path; any other path goes to the next handler. */
export function mountRoutes(
  auth: WebAuth<Request>,
  option: 'basePath' | 'verifyPath',
  serve: Serve<Request>,
): RequestHandler {
  const mount = auth[option]
  return (req, res, next) => {
    const path = pathBelow(mount, req)
    if (path === undefined) return next(wrongMount(option, mount, req.baseUrl))
    const response = serve(req, path)
    if (response === undefined) return next()
    response.then((made) => send(res, made, next)).then(undefined, errorsTo(next))
  }
}

// Express ignores case when it compares mount paths, so "/AUTH" arrives here too. A server around the app,
// such as connect or Fastify, may have taken off the first part of the path.
function pathBelow(mount: string, { baseUrl, originalUrl, path }: Request): string | undefined {
  // A client may put the host into it (RFC 9112 section 3.2.2).
  const [target = ''] = originalUrl.replace(/^\w+:\/\/[^/?]*/, '').split('?', 1)
  const [whole, seen] = [mount.toLowerCase(), baseUrl.toLowerCase()]
  const isBelow = `${target.toLowerCase()}/`.startsWith(`${whole}/`)
  if (seen !== whole && !(isBelow && seen !== '' && whole.endsWith(seen))) return undefined
  // Not `path`, in which Express 4 leaves out a slash too many after the mount.
  return isBelow ? target.slice(mount.length) || '/' : path
}

// The path is the app's own, except for parameters in it, which a client chose. So it is cut.
function wrongMount(option: string, mount: string, mountedAt: string): Error {
  const at = mountedAt === '' ? '/' : mountedAt.slice(0, 100)
  return new Error(
    `The routes are for "${mount}" and are mounted at "${at}". Mount them with app.use("${mount}", …), or set ${option} to the path where they are.`,
  )
}
