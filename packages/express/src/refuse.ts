import { type Failure, responseTo, cookiesToClear } from '@linkpass/web'
import type { Request, Response } from 'express'
import { wantsPage } from './body.ts'
import type { AuthContext } from './context.ts'
import { writeCookies } from './cookies.ts'
import { type WayForward, failurePage } from './failure-page.ts'
import { sendPage } from './send-page.ts'

/**
 * Answers a failure by core's table: a page for a person, JSON for a program. The body says which
 * kind it was and nothing richer.
 *
 * @param forward where the page leads @default the sign-in page
 */
export function refuse(
  context: AuthContext,
  req: Request,
  res: Response,
  failure: Failure,
  forward: WayForward = { url: context.settings.pages.signIn },
): void {
  clearFor(context, res, failure)
  if (!wantsPage(req)) return sendFailure(res, failure)
  const { status, headers } = responseTo(failure)
  res.status(status).set(headers)
  sendPage(context, res, failurePage(context.site, failure, forward), 'action' in forward)
}

/** Clears what the answer to a failure clears: a dead session, and nothing else. */
export function clearFor(context: AuthContext, res: Response, failure: Failure): void {
  writeCookies(res, cookiesToClear(context.settings.cookies, responseTo(failure).clear))
}

/** Answers a failure as JSON. */
export function sendFailure(res: Response, failure: Failure): void {
  const { status, code, headers } = responseTo(failure)
  res.status(status).set(headers).set('Cache-Control', 'no-store')
  res.json({ error: code, ...detailOf(failure) })
}

// What helps a caller mend the request, and tells a forger nothing.
function detailOf(failure: Failure): object {
  if (failure.kind === 'bad-request' && isPlainName(failure.field)) return { field: failure.field }
  if (failure.kind === 'forbidden') return { missing: failure.missing }
  return {}
}

function isPlainName(field: string | undefined): boolean {
  return field !== undefined && /^[\w.-]{1,64}$/.test(field)
}
