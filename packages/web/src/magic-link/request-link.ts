import type { MaskedEmail, MaskedPhone } from '@linkpass/core'
import { newAttempt } from '../attempt/attempt.ts'
import { type LinkCalls, sendAttempt, sendByMode } from '../attempt/send-link.ts'
import { readSignInForm, invalidFormResponse } from '../attempt/sign-in-form.ts'
import type { RouteContext } from '../context.ts'
import { sendEnchantedLink } from '../enchanted-link/request-link.ts'
import { methodsOfEither } from '../pages/sign-in-page.ts'
import type { WebResponse } from '../response/response.ts'

/**
 * `POST /magic-link`: sends a link, and responds as `sendAttempt` says, whether the service knows the address or
 * not. Without a `method`, an address in an app that offers enchanted links and numbers alone gets an enchanted
 * link.
 */
export async function requestMagicLink(context: RouteContext): Promise<WebResponse> {
  const { client, settings } = context
  const either = methodsOfEither(settings.methods)
  const offered = settings.methods.filter(
    (method) => method !== 'enchanted' || either.includes(method),
  )
  const read = await readSignInForm(context, offered)
  if (!read.ok) return invalidFormResponse(context, read)
  if (read.form.isEnchanted) return sendEnchantedLink(context, read.form)
  const { method, loginId, returnTo, profile, extra } = read.form
  const signsUp = settings.mode === 'sign-up'
  const attempt = newAttempt(context, { method, loginId, returnTo, ...(signsUp && { profile }) })
  const { signUp, signIn, signUpOrIn } = client.magicLink
  const calls: LinkCalls<MaskedEmail | MaskedPhone> = {
    signUp: signUp[method],
    signIn: signIn[method],
    signUpOrIn: signUpOrIn[method],
  }
  return sendAttempt(context, attempt, extra, (uri) =>
    sendByMode(context, calls, { loginId, uri, profile }),
  )
}
