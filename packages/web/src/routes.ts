import { requestAddressChange } from './account/change-address.ts'
import { requestStepUp } from './account/step-up.ts'
import { showSignIn } from './attempt/sign-in-page.ts'
import type { AuthContext } from './context.ts'
import { approveOrRefuse, showApproval } from './enchanted-link/approve.ts'
import { createComplete } from './enchanted-link/complete.ts'
import { requestEnchantedLink } from './enchanted-link/request-link.ts'
import { showStatus, showWaiting } from './enchanted-link/waiting.ts'
import { showCheckInbox } from './magic-link/check-inbox.ts'
import { requestMagicLink } from './magic-link/request-link.ts'
import { confirmLink, openLink } from './magic-link/verify.ts'
import { createCompleteStepUp, showStepUpStatus } from './magic-link/waiting-step-up.ts'
import { createRedeem } from './magic-link/redeem.ts'
import { scriptResponse, stylesheetResponse } from './response/page-response.ts'
import type { RouteTable } from './serve.ts'
import { logOut } from './session/logout.ts'
import { refreshNow } from './session/refresh.ts'
import { showSession } from './session/show-session.ts'

/** Every route below `basePath`, in the order that a user meets them. */
export function authRoutes<R extends object>(
  context: AuthContext<R>,
  callback: RouteTable<R>,
): RouteTable<R> {
  return {
    ...pageRoutes(context),
    '/magic-link': { POST: (request) => requestMagicLink(context, request) },
    ...belowBasePath(context, callback),
    ...(context.settings.methods.includes('enchanted') && enchantedRoutes(context)),
    '/session': { GET: (request) => showSession(context, request) },
    '/refresh': { POST: (request) => refreshNow(context, request) },
    '/step-up': { POST: (request) => requestStepUp(context, request) },
    '/step-up/status': { GET: (request) => showStepUpStatus(context, request) },
    '/step-up/complete': { POST: createCompleteStepUp(context) },
    '/email': { POST: (request) => requestAddressChange(context, request, 'email') },
    '/phone': { POST: (request) => requestAddressChange(context, request, 'phone') },
    '/logout': { POST: (request) => logOut(context, request, 'this-session') },
    '/logout-all': { POST: (request) => logOut(context, request, 'everywhere') },
  }
}

/** The routes of the callback, below `verifyPath`. The pages' stylesheet and script are there too. */
export function callbackRoutes<R extends object>(context: AuthContext<R>): RouteTable<R> {
  const redeem = createRedeem(context)
  return {
    '/': {
      GET: (request) => openLink(context, redeem, request, undefined),
      POST: (request) => confirmLink(context, redeem, request),
    },
    '/style.css': { GET: () => stylesheetResponse(context.settings.brand) },
    '/script.js': { GET: scriptResponse },
    '/:segment': { GET: (request, segment) => openLink(context, redeem, request, segment) },
  }
}

function enchantedRoutes<R extends object>(context: AuthContext<R>): RouteTable<R> {
  return {
    '/enchanted-link': { POST: (request) => requestEnchantedLink(context, request) },
    '/enchanted-link/status': { GET: (request) => showStatus(context, request) },
    '/enchanted-link/verify': {
      GET: (request, segment) => showApproval(context, request, segment),
      POST: (request) => approveOrRefuse(context, request),
    },
    '/enchanted-link/verify/:segment': {
      GET: (request, segment) => showApproval(context, request, segment),
    },
    '/enchanted-link/complete': { POST: createComplete(context) },
  }
}

// A page that the app serves itself is not served here, wherever the app serves it.
function pageRoutes<R extends object>(context: AuthContext<R>): RouteTable<R> {
  const { basePath, methods, pages } = context.settings
  const waits = methods.includes('enchanted') && pages.waiting === `${basePath}/waiting`
  return {
    ...(pages.signIn === `${basePath}/sign-in` && {
      '/sign-in': { GET: (request) => showSignIn(context, request) },
    }),
    ...(pages.checkInbox === `${basePath}/check-inbox` && {
      '/check-inbox': { GET: (request) => showCheckInbox(context, request) },
    }),
    ...(waits && { '/waiting': { GET: (request) => showWaiting(context, request) } }),
  }
}

/** The callback's routes as they are reached from `basePath`; none where links lead elsewhere. */
function belowBasePath<R extends object>(
  { settings }: AuthContext<R>,
  callback: RouteTable<R>,
): RouteTable<R> {
  const { basePath, verifyPath } = settings
  if (!verifyPath.startsWith(`${basePath}/`)) return {}
  const prefix = verifyPath.slice(basePath.length)
  return Object.fromEntries(
    Object.entries(callback).map(([path, route]) => [path === '/' ? prefix : prefix + path, route]),
  )
}
