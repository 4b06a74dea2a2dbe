import type { DeliveryMethod, NewUser, Result } from '@linkpass/core'
import { maskLoginId, parseLoginId, startFailure } from '@linkpass/core/web'
import type { Request, Response } from 'express'
import { readBody, wantsPage } from './body.ts'
import type { AuthContext } from './context.ts'
import { refuse } from './refuse.ts'
import { callbackUrl, keepStart, newStart, wayBack } from './start-link.ts'

const profileFields = ['name', 'givenName', 'middleName', 'familyName'] as const
const fields = ['loginId', 'method', 'returnTo', ...profileFields]

/**
 * `POST /magic-link`: sends a link. 202 with a masked address for JSON callers, a 303 to the next
 * page for forms; the same for an address the service knows and for one it does not.
 */
export async function postMagicLink(
  context: AuthContext,
  req: Request,
  res: Response,
): Promise<void> {
  const { settings } = context
  const body = await readBody(req, fields)
  if (!body.ok) return refuse(context, req, res, body.failure)
  const method = linkMethod(context, body.fields.get('method'))
  if (method === undefined) {
    return refuse(context, req, res, { kind: 'bad-request', field: 'method' })
  }
  const loginId = parseLoginId(body.fields.get('loginId'), method)
  if (loginId === undefined) {
    return refuse(context, req, res, { kind: 'bad-request', field: 'loginId' })
  }
  const returnTo = wayBack(context, body.fields.get('returnTo'))
  const start = newStart(context, { method, loginId, returnTo })
  const sent = await send(
    context,
    req,
    method,
    loginId,
    callbackUrl(context, start.state),
    profileOf(body.fields),
  )
  const failure = sent.ok ? undefined : startFailure(sent.error)
  if (failure !== undefined) return refuse(context, req, res, failure)
  keepStart(context, req, res, start)
  if (wantsPage(req)) return res.redirect(303, settings.pages.checkInbox)
  res.status(202).set('Cache-Control', 'no-store')
  res.json({ [method === 'email' ? 'maskedEmail' : 'maskedPhone']: maskLoginId(loginId) })
}

function linkMethod(context: AuthContext, asked: string | undefined): DeliveryMethod | undefined {
  const offered = context.settings.methods.filter((method) => method !== 'enchanted')
  return asked === undefined ? offered[0] : offered.find((method) => method === asked)
}

function profileOf(given: ReadonlyMap<string, string>): NewUser {
  return Object.fromEntries(
    profileFields.flatMap((name) => (given.has(name) ? [[name, given.get(name)]] : [])),
  )
}

async function send(
  context: AuthContext,
  req: Request,
  method: DeliveryMethod,
  loginId: string,
  uri: string,
  user: NewUser,
): Promise<Result<unknown>> {
  const { magicLink } = context.client
  const options = await context.settings.loginOptions?.(req)
  switch (context.settings.mode) {
    case 'sign-up-or-in':
      return magicLink.signUpOrIn[method](loginId, uri, options)
    case 'sign-in':
      return magicLink.signIn[method](loginId, uri, options)
    case 'sign-up':
      return magicLink.signUp[method](loginId, uri, user, options)
  }
}
