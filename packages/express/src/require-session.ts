import type { DescopeClient } from '@linkpass/core'
import {
  type Failure,
  responseTo,
  checkAccess,
  isPageRequest,
  isPageNavigation,
  isSafeMethod,
  isSignedOut,
} from '@linkpass/web'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { AuthContext } from './context.ts'
import { FailureError } from './failure-error.ts'
import {
  type RequireSessionOptions,
  type SignedOutPolicy,
  checkedPolicy,
  checkedRule,
  tenantOf,
} from './guard-options.ts'
import { type GuardSite, guard } from './guard.ts'
import { stepUpPage } from './pages/step-up-page.ts'
import { clearFor, refuse, sendFailure } from './refuse.ts'
import { sendPage } from './send-page.ts'
import { signInUrl, wayBack } from './start-link.ts'

type Refuse = (req: Request, res: Response, next: NextFunction, failure: Failure) => unknown

/**
 * Lets only signed-in requests through, refreshing an expired session on the way.
 *
 * @throws {TypeError} an option cannot be right
 */
export function requireSessionIn(
  context: AuthContext,
  options: RequireSessionOptions = {},
): RequestHandler {
  const policy = checkedPolicy(options, 'auto', ['auto', 'json', 'redirect', 'next'])
  return guardWith(context.guardSite, options, (req, res, next, failure) => {
    clearFor(context, res, failure)
    if (policy === 'next' || typeof policy === 'function') {
      return pass(policy, req, res, next, failure)
    }
    if (isSignedOut(failure) && goesToSignIn(policy, req)) {
      return goToSignIn(context, req, res, next)
    }
    if (policy === 'json' || !isPageRequest(req)) return sendFailure(res, failure)
    if (failure.kind === 'step-up-needed') return askForStepUp(context, req, res, failure)
    return refuse(context, req, res, failure, { url: wayOutOf(context, req, failure) })
  })
}

/**
 * Lets only signed-in requests through, for an API whose tokens are made elsewhere: reads the Bearer
 * header, else the session cookie; never refreshes, redirects or sets a cookie.
 *
 * @example app.use(requireSession(client))
 * @throws {TypeError} an option cannot be right
 */
export function requireSession(
  client: DescopeClient,
  options: Omit<RequireSessionOptions, 'onSignedOut'> & {
    onSignedOut?: Exclude<SignedOutPolicy, 'auto' | 'redirect'>
  } = {},
): RequestHandler {
  if (typeof client?.authenticate !== 'function') {
    throw new TypeError('requireSession needs the client that createDescopeClient made.')
  }
  const policy = checkedPolicy(options, 'json', ['json', 'next'])
  const { tokenNames } = client.settings
  const site: GuardSite = {
    client,
    names: tokenNames,
    origin: undefined,
    refreshes: false,
    keep: () => undefined,
  }
  return guardWith(site, options, (req, res, next, failure) =>
    policy === 'json' ? sendFailure(res, failure) : pass(policy, req, res, next, failure),
  )
}

/**
 * Finds out who sent a request and lets every request through: `getAuth(req)` tells.
 */
export function optionalSessionIn(context: AuthContext): RequestHandler {
  const { guardSite } = context
  return guard(guardSite, (_req, res, next, _outcome, failure) => {
    if (failure !== undefined) clearFor(context, res, failure)
    next()
  })
}

function guardWith(
  site: GuardSite,
  options: RequireSessionOptions,
  refusal: Refuse,
): RequestHandler {
  const rule = checkedRule(options)
  const { tenant } = options
  return guard(site, (req, res, next, outcome, failure) => {
    if (failure !== undefined) return void refusal(req, res, next, failure)
    if (rule === undefined || outcome.status !== 'signed-in') return next()
    const lacking = checkAccess(outcome.session, rule, tenantOf(tenant, req))
    if (lacking === undefined) return next()
    refusal(req, res, next, lacking)
  })
}

function pass(
  policy: Exclude<SignedOutPolicy, 'auto' | 'json' | 'redirect'>,
  req: Request,
  res: Response,
  next: NextFunction,
  failure: Failure,
): unknown {
  const error = new FailureError(failure)
  return policy === 'next' ? next(error) : void answerByHand(policy, req, res, next, error)
}

// Whatever the app's function throws, now or later, goes where Express 5 would send it.
async function answerByHand(
  policy: Extract<SignedOutPolicy, Function>,
  req: Request,
  res: Response,
  next: NextFunction,
  error: FailureError,
): Promise<void> {
  try {
    await policy(req, res, next, error)
  } catch (thrown) {
    next(thrown)
  }
}

function goesToSignIn(policy: 'auto' | 'json' | 'redirect', req: Request): boolean {
  if (policy === 'redirect') return isSafeMethod(req.method)
  return policy === 'auto' && isPageNavigation(req)
}

function goToSignIn(context: AuthContext, req: Request, res: Response, next: NextFunction): void {
  const { signIn } = context.settings.pages
  if (pathOf(req.originalUrl) === pathOf(signIn)) {
    return next(
      new Error(
        `requireSession() guards the sign-in page "${signIn}" itself: mount auth.router() before it.`,
      ),
    )
  }
  res.set('Cache-Control', 'no-store')
  // A target may name another host, and the sign-in page may be one that believes what it is told.
  res.redirect(303, signInUrl(context, wayBack(context, req.originalUrl)))
}

function pathOf(url: string): string {
  return url.split('?', 1).join('')
}

/** The page that RFC 9470's challenge is for a person: one button, which mails a link. */
function askForStepUp(context: AuthContext, req: Request, res: Response, failure: Failure): void {
  const { status, headers } = responseTo(failure)
  const action = `${context.settings.basePath}/step-up`
  const ask = { action, fields: { returnTo: wayBackTo(context, req) } }
  res.status(status).set(headers)
  sendPage(context, res, stepUpPage(context.site, { ask }), true)
}

// Out of reach: the same page once more. Signed out: back to it by way of a sign-in. Else: elsewhere.
function wayOutOf(context: AuthContext, req: Request, failure: Failure): string {
  if (failure.kind === 'forbidden') return context.settings.pages.afterSignIn
  const here = wayBackTo(context, req)
  return failure.kind === 'unavailable' ? here : signInUrl(context, here)
}

// The page somebody is on: what they opened, or where the form is that they sent, since a form's own
// address may answer nothing but POST. A request for "//host" must not become a link to that host.
function wayBackTo(context: AuthContext, req: Request): string {
  return wayBack(context, isSafeMethod(req.method) ? req.originalUrl : req.headers.referer)
}
