import { type Failure, responseTo, isTemporary } from '@linkpass/web'
import type { Request, Response } from 'express'
import { wantsPage } from './body.ts'
import type { AuthContext } from './context.ts'
import { type SignInModel, signInPage } from './pages/sign-in-page.ts'
import { refuse } from './refuse.ts'
import { sendPage } from './send-page.ts'
import type { StartForm, StartFormDecision } from './start-form.ts'
import { signInUrl, wayBack } from './start-link.ts'

/** `GET /sign-in?returnTo=`: the page everybody begins with. */
export function getSignIn(context: AuthContext, req: Request, res: Response): void {
  const returnTo = wayBack(context, queryOf(req).get('returnTo'))
  sendPage(context, res, signInPage(context.site, modelOf(context, returnTo)), true)
}

/**
 * Refuses an attempt. A person who mistyped an address gets the page again, with what they typed and
 * what it should look like; all else is answered as ever.
 */
export function refuseStart(
  context: AuthContext,
  req: Request,
  res: Response,
  { failure, typed }: Extract<StartFormDecision, { ok: false }>,
): void {
  const builtIn = context.settings.pages.signIn === `${context.settings.basePath}/sign-in`
  const returnTo = wayBack(context, typed?.get('returnTo'))
  if (typed === undefined || !builtIn || !wantsPage(req)) {
    return refuse(context, req, res, failure, { url: signInUrl(context, returnTo) })
  }
  const page = signInPage(context.site, {
    ...modelOf(context, returnTo),
    loginId: typed.get('loginId') ?? '',
    mistaken: true,
  })
  res.status(responseTo(failure).status)
  sendPage(context, res, page, true)
}

/**
 * Refuses an attempt that was not sent. Where it may be a little later the page has the same form once
 * more, with what was typed and the way back still in it; else it leads to the sign-in page.
 */
export function refuseSending(
  context: AuthContext,
  req: Request,
  res: Response,
  failure: Failure,
  { route, form }: { readonly route: '/magic-link' | '/enchanted-link'; readonly form: StartForm },
): void {
  const { loginId, method, returnTo, profile } = form
  const again = {
    action: `${context.settings.basePath}${route}`,
    fields: { ...profile, loginId, method, returnTo },
  }
  refuse(
    context,
    req,
    res,
    failure,
    isTemporary(failure) ? again : { url: signInUrl(context, returnTo) },
  )
}

function modelOf({ settings }: AuthContext, returnTo: string): SignInModel {
  const { basePath, methods, mode } = settings
  return {
    methods,
    mode,
    magicLink: { action: `${basePath}/magic-link`, fields: { returnTo } },
    enchantedLinkAction: `${basePath}/enchanted-link`,
  }
}

/** The query as it was sent; what `req.query` makes of it differs between versions. */
export function queryOf(req: Request): URLSearchParams {
  const mark = req.originalUrl.indexOf('?')
  return new URLSearchParams(mark === -1 ? '' : req.originalUrl.slice(mark + 1))
}
