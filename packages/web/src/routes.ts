import { requestAddressChange, requestStepUp, showResumedForm } from './account/account-links.ts'
import { switchTenant } from './account/user-account.ts'
import type { AuthContext } from './context.ts'
import { approveOrRefuse, showApproval } from './enchanted-link/approve.ts'
import { complete } from './enchanted-link/complete.ts'
import { requestEnchantedLink } from './enchanted-link/request-link.ts'
import { showStatus, showWaiting } from './enchanted-link/waiting.ts'
import { showCheckInbox } from './magic-link/check-inbox.ts'
import { requestMagicLink } from './magic-link/request-link.ts'
import { confirmLink, openLink } from './magic-link/verify.ts'
import { completeStepUp, showStepUpStatus } from './magic-link/waiting-step-up.ts'
import { script } from './pages/theme/script.ts'
import { stylesheet } from './pages/theme/stylesheet.ts'
import { failureResponse } from './response/failure-response.ts'
import { assetResponse } from './response/page-response.ts'
import type { Handler, RouteTable } from './serve.ts'
import { refreshNow, showSession, showSignIn, showSignedOut } from './session/current-session.ts'
import { logOut } from './session/logout.ts'
import type { AuthSettings } from './settings.ts'

/**
 * Every route below `basePath`, in the order that a user meets them.
 *
 * @throws {TypeError} the callback would take the place of another route
 */
export function authRoutes({ settings }: AuthContext): RouteTable {
  const callback = belowBasePath(settings)
  const others: RouteTable = {
    ...pageRoutes(settings),
    '/magic-link': { POST: requestMagicLink },
    ...(settings.methods.includes('enchanted') ? enchantedRoutes : enchantedOff),
    ...(settings.session === 'cookies' && sessionRoutes),
    '/logout': { POST: (context) => logOut(context, 'this-session') },
  }
  const taken = Object.keys(callback).find((path) => path in others)
  if (taken === undefined) return { ...others, ...callback }
  throw new TypeError(`verifyPath: "${settings.basePath}${taken}" is another route of createAuth.`)
}

const sessionRoutes: RouteTable = {
  '/session': { GET: showSession },
  '/refresh': { POST: refreshNow },
  '/step-up': { POST: requestStepUp },
  '/step-up/resume': { GET: showResumedForm },
  '/step-up/status': { GET: showStepUpStatus },
  '/step-up/complete': { POST: completeStepUp },
  '/email': { POST: (context) => requestAddressChange(context, 'email') },
  '/phone': { POST: (context) => requestAddressChange(context, 'phone') },
  '/tenant': { POST: switchTenant },
  '/logout-all': { POST: (context) => logOut(context, 'everywhere') },
}

/** The routes of the callback, below `verifyPath`. The pages' stylesheet and script are there too. */
export const callbackRoutes: RouteTable = {
  '/': { GET: openLink, POST: confirmLink },
  '/style.css': {
    GET: ({ settings }) => assetResponse('text/css', stylesheet(settings.brand.accent)),
  },
  '/script.js': { GET: () => assetResponse('text/javascript', script) },
  '/:segment': { GET: openLink },
}

const enchantedRoutes: RouteTable = {
  '/enchanted-link': { POST: requestEnchantedLink },
  '/enchanted-link/status': { GET: showStatus },
  '/enchanted-link/verify': { GET: showApproval, POST: approveOrRefuse },
  '/enchanted-link/verify/:segment': { GET: showApproval },
  '/enchanted-link/complete': { POST: complete },
}

const enchantedOff: RouteTable = {
  '/enchanted-link': {
    POST: (context) =>
      failureResponse(context, { kind: 'not-enabled', option: "methods: ['email', 'enchanted']" }),
  },
}

// A page that the app serves itself is not served here, wherever the app serves it.
function pageRoutes({ basePath, methods, pages }: AuthSettings): RouteTable {
  const served = (page: string, path: string, GET: Handler): RouteTable =>
    page === basePath + path ? { [path]: { GET } } : {}
  return {
    ...served(pages.signIn, '/sign-in', showSignIn),
    ...served(pages.checkInbox, '/check-inbox', showCheckInbox),
    ...(methods.includes('enchanted') && served(pages.waiting, '/waiting', showWaiting)),
    ...served(pages.afterSignOut, '/signed-out', showSignedOut),
  }
}

/** The callback's routes as they are reached from `basePath`; none where links lead elsewhere. */
function belowBasePath({ basePath, verifyPath }: AuthSettings): RouteTable {
  if (!verifyPath.startsWith(`${basePath}/`)) return {}
  const prefix = verifyPath.slice(basePath.length)
  return Object.fromEntries(
    Object.entries(callbackRoutes).map(([path, route]) => [
      path === '/' ? prefix : prefix + path,
      route,
    ]),
  )
}
