import type { AuthContext } from './context.ts'
import { getCheckInbox } from './check-inbox-route.ts'
import { completeRoute, getApproval, postApproval } from './enchanted-finish.ts'
import { getStatus, getWaiting, postEnchantedLink } from './enchanted-start.ts'
import { postMagicLink } from './magic-link-route.ts'
import { postEmail, postPhone, postStepUp } from './own-account-routes.ts'
import type { RouteTable } from './route-table.ts'
import { getSessionRoute, postLogout, postRefresh } from './session-routes.ts'
import { getSignIn } from './sign-in-route.ts'

/** Every route below `basePath`, in the order a person meets them. */
export function authRoutes(context: AuthContext, callback: RouteTable): RouteTable {
  return {
    ...pages(context),
    '/magic-link': { POST: (req, res) => postMagicLink(context, req, res) },
    ...below(context, callback),
    ...(context.settings.methods.includes('enchanted') && enchantedRoutes(context)),
    '/session': { GET: (req, res) => getSessionRoute(context, req, res) },
    '/refresh': { POST: (req, res) => postRefresh(context, req, res) },
    '/step-up': { POST: (req, res) => postStepUp(context, req, res) },
    '/email': { POST: (req, res) => postEmail(context, req, res) },
    '/phone': { POST: (req, res) => postPhone(context, req, res) },
    '/logout': { POST: (req, res) => postLogout(context, req, res, false) },
    '/logout-all': { POST: (req, res) => postLogout(context, req, res, true) },
  }
}

function enchantedRoutes(context: AuthContext): RouteTable {
  return {
    '/enchanted-link': { POST: (req, res) => postEnchantedLink(context, req, res) },
    '/enchanted-link/status': { GET: (req, res) => getStatus(context, req, res) },
    '/enchanted-link/verify': {
      GET: (req, res, segment) => getApproval(context, req, res, segment),
      POST: (req, res) => postApproval(context, req, res),
    },
    '/enchanted-link/verify/:segment': {
      GET: (req, res, segment) => getApproval(context, req, res, segment),
    },
    '/enchanted-link/complete': { POST: completeRoute(context) },
  }
}

// A page that the app serves itself is not ours to serve, wherever the app does.
function pages(context: AuthContext): RouteTable {
  const { basePath, methods, pages: paths } = context.settings
  const waits = methods.includes('enchanted') && paths.waiting === `${basePath}/waiting`
  return {
    ...(paths.signIn === `${basePath}/sign-in` && {
      '/sign-in': { GET: (req, res) => getSignIn(context, req, res) },
    }),
    ...(paths.checkInbox === `${basePath}/check-inbox` && {
      '/check-inbox': { GET: (req, res) => getCheckInbox(context, req, res) },
    }),
    ...(waits && { '/waiting': { GET: (req, res) => getWaiting(context, req, res) } }),
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
