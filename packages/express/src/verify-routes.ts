import type { TokenClaims } from '@linkpass/core'
import {
  type Failure,
  type Attempt,
  decideLinkVisit,
  findAttempt,
  isAttemptState,
  isOneTimeToken,
  linkTokenOf,
  isTemporary,
} from '@linkpass/web'
import type { Request, Response } from 'express'
import { authenticate } from './authenticate.ts'
import { readBody, wantsPage } from './body.ts'
import { browserRecordFor, browserRecordOf, keepBrowserRecord } from './browser-record.ts'
import type { AuthContext } from './context.ts'
import { confirmPage } from './pages/confirm-page.ts'
import type { FormTarget } from './pages/layout.ts'
import { refuse } from './refuse.ts'
import type { RouteTable } from './route-table.ts'
import { pageAsset, sendAsset, sendPage } from './send-page.ts'
import { type SpendLink, createSpendLink } from './spend-link.ts'
import { signInUrl } from './start-link.ts'
import { purposeOf } from './start-purpose.ts'

/** The routes of the callback, below `verifyPath`; its pages' stylesheet and script are there too. */
export function verifyRoutes(context: AuthContext): RouteTable {
  const spend = createSpendLink(context)
  return {
    '/': {
      GET: (req, res) => visitLink(context, spend, req, res, undefined),
      POST: (req, res) => pressButton(context, spend, req, res),
    },
    '/:segment': {
      GET: (req, res, segment) => {
        const asset = pageAsset(context, segment)
        return asset === undefined
          ? visitLink(context, spend, req, res, segment)
          : sendAsset(res, asset)
      },
    },
  }
}

/** `GET, HEAD /verify/:state?t=`: what a visit may do is core's decision. */
async function visitLink(
  context: AuthContext,
  spend: SpendLink,
  req: Request,
  res: Response,
  segment: string | undefined,
): Promise<void> {
  const token = linkTokenOf(req.originalUrl)
  if (token === undefined) return refuse(context, req, res, { kind: 'link-unknown' })
  const state = isAttemptState(segment) ? segment : undefined
  const { outcome } = await authenticate(context, req, res)
  const session = outcome.status === 'signed-in' ? outcome.session : undefined
  const { action, attempt } = decideLinkVisit({
    request: req,
    links: context.sealer.fingerprints('link', token),
    state,
    record: browserRecordOf(context, req),
    signedInAs: session?.userId,
    undecided: outcome.status === 'unavailable',
    confirm: context.settings.confirm,
    now: context.client.settings.clock.now(),
  })
  switch (action) {
    case 'confirm':
      return ask(context, req, res, { token, state, attempt }, session?.claims)
    case 'redirect':
      return land(context, req, res, attempt)
    case 'redeem':
      return finish(context, spend, req, res, { token, state, attempt })
  }
}

interface Link {
  readonly token: string
  readonly state: string | undefined
  readonly attempt: Attempt | undefined
}

/** The page with one button. */
async function ask(
  context: AuthContext,
  req: Request,
  res: Response,
  link: Link,
  signedIn: TokenClaims | undefined,
  withoutCookies = false,
): Promise<void> {
  // Names the browser, so that two tabs of it can share one press.
  keepBrowserRecord(context, req, res, browserRecordFor(context, req))
  const signedInAs = [signedIn?.['email'], signedIn?.['name'], signedIn?.sub].find(isText)
  const { purpose, method } = link.attempt ?? (await purposeOf(context, link.state)) ?? {}
  const page = confirmPage(context.site, {
    purpose,
    method,
    verify: verifyForm(context, link),
    withoutCookies,
    lifetimeMinutes: context.settings.linkLifetimes.magic,
    ...(signedInAs !== undefined && { signedInAs }),
  })
  sendPage(context, res, page, true)
}

/** `POST /verify`: the press of the button. */
async function pressButton(
  context: AuthContext,
  spend: SpendLink,
  req: Request,
  res: Response,
): Promise<void> {
  const body = await readBody(req, ['t', 'state'])
  if (!body.ok) return refuse(context, req, res, body.failure)
  const token = body.fields.get('t')
  if (!isOneTimeToken(token)) return refuse(context, req, res, { kind: 'link-unknown' })
  const given = body.fields.get('state')
  const state = isAttemptState(given) ? given : undefined
  const record = browserRecordOf(context, req)
  const now = context.client.settings.clock.now()
  const attempt = record && state ? findAttempt(record, state, now) : undefined
  // The page with the button set a cookie. Where it did not come back no session would hold, and
  // the link would be spent for nothing. A program that posts by itself knows what it does.
  if (record === undefined && wantsPage(req)) {
    res.status(400)
    return ask(context, req, res, { token, state, attempt }, undefined, true)
  }
  return finish(context, spend, req, res, { token, state, attempt })
}

async function finish(
  context: AuthContext,
  spend: SpendLink,
  req: Request,
  res: Response,
  link: Link,
): Promise<void> {
  const failure = await spend(req, res, link)
  if (failure === undefined) return land(context, req, res, link.attempt)
  refuse(context, req, res, failure, forwardFrom(context, failure, link))
}

// What may pass is tried again; all else needs a new link.
function forwardFrom(
  context: AuthContext,
  failure: Failure,
  link: Link,
): FormTarget | { readonly url: string } {
  if (isTemporary(failure)) return verifyForm(context, link)
  const { signIn } = context.settings.pages
  return { url: link.attempt === undefined ? signIn : signInUrl(context, link.attempt.returnTo) }
}

function verifyForm(context: AuthContext, { token, state }: Link): FormTarget {
  return {
    action: context.settings.verifyPath,
    fields: { t: token, ...(state !== undefined && { state }) },
  }
}

/** Goes where the person was going. */
function land(
  context: AuthContext,
  req: Request,
  res: Response,
  attempt: Attempt | undefined,
): void {
  const redirectTo = attempt?.returnTo ?? context.settings.pages.afterSignIn
  res.set('Cache-Control', 'no-store')
  if (req.method === 'POST' && !wantsPage(req)) return void res.json({ redirectTo })
  res.redirect(303, redirectTo)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
