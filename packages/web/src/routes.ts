import { requestAddressChange } from './account/change-address.ts'
import { showResumedForm } from './account/resume-form.ts'
import { switchTenant } from './account/select-tenant.ts'
import { requestStepUp } from './account/step-up.ts'
import type { AuthContext } from './context.ts'
import { approveOrRefuse, showApproval } from './enchanted-link/approve.ts'
import { createComplete } from './enchanted-link/complete.ts'
import { requestEnchantedLink } from './enchanted-link/request-link.ts'
import { showStatus, showWaiting } from './enchanted-link/waiting.ts'
import { showCheckInbox } from './magic-link/check-inbox.ts'
import { requestMagicLink } from './magic-link/request-link.ts'
import { createVerify } from './magic-link/verify.ts'
import { createCompleteStepUp, showStepUpStatus } from './magic-link/waiting-step-up.ts'
import { scriptResponse, stylesheetResponse } from './response/page-response.ts'
import type { RouteTable } from './serve.ts'
import { refreshNow, showSession } from './session/current-session.ts'
import { logOut } from './session/logout.ts'
import { showSignIn, showSignedOut } from './session/pages.ts'

/** Every route below `basePath`, in the order that a user meets them. */
export function authRoutes(app: AuthContext, callback: RouteTable): RouteTable {
  return {
    ...pageRoutes(app),
    '/magic-link': { POST: requestMagicLink },
    ...belowBasePath(app, callback),
    ...(app.settings.methods.includes('enchanted') && enchantedRoutes(app)),
    ...(app.settings.session === 'cookies' && sessionRoutes(app)),
    '/logout': { POST: (context) => logOut(context, 'this-session') },
  }
}

/** The routes for users who are signed in by cookies. */
function sessionRoutes(app: AuthContext): RouteTable {
  return {
    '/session': { GET: showSession },
    '/refresh': { POST: refreshNow },
    '/step-up': { POST: requestStepUp },
    '/step-up/resume': { GET: showResumedForm },
    '/step-up/status': { GET: showStepUpStatus },
    '/step-up/complete': { POST: createCompleteStepUp(app) },
    '/email': { POST: (context) => requestAddressChange(context, 'email') },
    '/phone': { POST: (context) => requestAddressChange(context, 'phone') },
    '/tenant': { POST: switchTenant },
    '/logout-all': { POST: (context) => logOut(context, 'everywhere') },
  }
}

/** The routes of the callback, below `verifyPath`. The pages' stylesheet and script are there too. */
export function callbackRoutes(app: AuthContext): RouteTable {
  const { open, confirm } = createVerify(app)
  return {
    '/': { GET: open, POST: confirm },
    '/style.css': { GET: ({ settings }) => stylesheetResponse(settings.brand) },
    '/script.js': { GET: scriptResponse },
    '/:segment': { GET: open },
  }
}

function enchantedRoutes(app: AuthContext): RouteTable {
  return {
    '/enchanted-link': { POST: requestEnchantedLink },
    '/enchanted-link/status': { GET: showStatus },
    '/enchanted-link/verify': {
      GET: showApproval,
      POST: approveOrRefuse,
    },
    '/enchanted-link/verify/:segment': {
      GET: showApproval,
    },
    '/enchanted-link/complete': { POST: createComplete(app) },
  }
}

// A page that the app serves itself is not served here, wherever the app serves it.
function pageRoutes(app: AuthContext): RouteTable {
  const { basePath, methods, pages } = app.settings
  const waits = methods.includes('enchanted') && pages.waiting === `${basePath}/waiting`
  return {
    ...(pages.signIn === `${basePath}/sign-in` && {
      '/sign-in': { GET: showSignIn },
    }),
    ...(pages.checkInbox === `${basePath}/check-inbox` && {
      '/check-inbox': { GET: showCheckInbox },
    }),
    ...(waits && { '/waiting': { GET: showWaiting } }),
    ...(pages.afterSignOut === `${basePath}/signed-out` && {
      '/signed-out': { GET: showSignedOut },
    }),
  }
}

/** The callback's routes as they are reached from `basePath`; none where links lead elsewhere. */
function belowBasePath({ settings }: AuthContext, callback: RouteTable): RouteTable {
  const { basePath, verifyPath } = settings
  if (!verifyPath.startsWith(`${basePath}/`)) return {}
  const prefix = verifyPath.slice(basePath.length)
  return Object.fromEntries(
    Object.entries(callback).map(([path, route]) => [path === '/' ? prefix : prefix + path, route]),
  )
}
