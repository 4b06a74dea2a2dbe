import type { DeliveryMethod, MaskedEmail, MaskedPhone } from '@linkpass/core'
import type { Request, Response } from 'express'
import { maskLoginId } from '@linkpass/web'
import { wantsPage } from './body.ts'
import type { AuthContext } from './context.ts'
import { type LinkCalls, askForLink, sendLink } from './send-link.ts'
import { refuseSending, refuseStart } from './sign-in-route.ts'
import { readStartForm } from './start-form.ts'
import { callbackUrl, rememberAttempt, newAttempt } from './start-link.ts'

/**
 * `POST /magic-link`: sends a link. 202 with a masked address for JSON callers, a 303 to the next
 * page for forms; the same for an address the service knows and for one it does not.
 */
export async function postMagicLink(
  context: AuthContext,
  req: Request,
  res: Response,
): Promise<void> {
  const offered = context.settings.methods.filter((method) => method !== 'enchanted')
  const read = await readStartForm(context, req, offered)
  if (!read.ok) return refuseStart(context, req, res, read)
  const { method, loginId, returnTo, profile } = read.form
  const signsUp = context.settings.mode === 'sign-up'
  const attempt = newAttempt(context, { method, loginId, returnTo, ...(signsUp && { profile }) })
  const uri = callbackUrl(context, attempt.state)
  const sent = await sendLink(context, req, loginId, () =>
    askForLink(context, req, magicLinkCalls(context, method), { loginId, uri, profile }),
  )
  // Where the answer was lost, the link may be on its way: it should work when it comes.
  if (sent.ok || sent.mayHaveSent) rememberAttempt(context, req, res, attempt)
  if (!sent.ok) {
    const { form } = read
    return refuseSending(context, req, res, sent.failure, { route: '/magic-link', form })
  }
  answerSent(context, req, res, method, loginId)
}

/** Tells where the link went, and no more than the person knows already. */
export function answerSent(
  context: AuthContext,
  req: Request,
  res: Response,
  method: DeliveryMethod,
  loginId: string,
): void {
  res.set('Cache-Control', 'no-store')
  if (wantsPage(req)) return res.redirect(303, context.settings.pages.checkInbox)
  const name = method === 'email' ? 'maskedEmail' : 'maskedPhone'
  res.status(202).json({ [name]: maskLoginId(loginId) })
}

function magicLinkCalls(
  { client }: AuthContext,
  method: DeliveryMethod,
): LinkCalls<MaskedEmail | MaskedPhone> {
  const { signUp, signIn, signUpOrIn } = client.magicLink
  return { signUp: signUp[method], signIn: signIn[method], signUpOrIn: signUpOrIn[method] }
}
