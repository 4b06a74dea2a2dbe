import type { Request, Response } from 'express'
import type { AuthContext } from './context.ts'
import { signInPage } from './pages/sign-in-page.ts'
import { sendPage } from './send-page.ts'
import { wayBack } from './start-link.ts'

/** `GET /sign-in?returnTo=`: the page everybody begins with. */
export function getSignIn(context: AuthContext, req: Request, res: Response): void {
  const { basePath, methods, mode } = context.settings
  const returnTo = wayBack(context, queryOf(req).get('returnTo'))
  const page = signInPage(context.site, {
    methods,
    mode,
    magicLink: { action: `${basePath}/magic-link`, fields: { returnTo } },
    enchantedLinkAction: `${basePath}/enchanted-link`,
  })
  sendPage(context, res, page, true)
}

/** The query as it was sent; what `req.query` makes of it differs between versions. */
export function queryOf(req: Request): URLSearchParams {
  const mark = req.originalUrl.indexOf('?')
  return new URLSearchParams(mark === -1 ? '' : req.originalUrl.slice(mark + 1))
}
