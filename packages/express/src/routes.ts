import type { AuthContext } from './context.ts'
import { getCheckInbox } from './check-inbox-route.ts'
import { postMagicLink } from './magic-link-route.ts'
import type { RouteTable } from './route-table.ts'
import { getSessionRoute, postLogout } from './session-routes.ts'
import { getSignIn } from './sign-in-route.ts'

/** Every route below `basePath`, in the order a person meets them. */
export function authRoutes(context: AuthContext, callback: RouteTable): RouteTable {
  return {
    ...pages(context),
    '/magic-link': { POST: (req, res) => postMagicLink(context, req, res) },
    ...below(context, callback),
    '/session': { GET: (req, res) => getSessionRoute(context, req, res) },
    '/logout': { POST: (req, res) => postLogout(context, req, res) },
  }
}

// A page that the app serves itself is not ours to serve, wherever the app does.
function pages(context: AuthContext): RouteTable {
  const { basePath, pages: paths } = context.settings
  return {
    ...(paths.signIn === `${basePath}/sign-in` && {
      '/sign-in': { GET: (req, res) => getSignIn(context, req, res) },
    }),
    ...(paths.checkInbox === `${basePath}/check-inbox` && {
      '/check-inbox': { GET: (req, res) => getCheckInbox(context, req, res) },
    }),
  }
}

/** The callback's routes as seen from `basePath`; none where links lead elsewhere. */
function below({ settings }: AuthContext, callback: RouteTable): RouteTable {
  const { basePath, verifyPath } = settings
  if (!verifyPath.startsWith(`${basePath}/`)) return {}
  const prefix = verifyPath.slice(basePath.length)
  return Object.fromEntries(
    Object.entries(callback).map(([path, route]) => [path === '/' ? prefix : prefix + path, route]),
  )
}
