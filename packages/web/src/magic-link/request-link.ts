import type { DeliveryMethod, MaskedEmail, MaskedPhone } from '@linkpass/core'
import { attemptCookie, linkRequestOf, newAttempt } from '../attempt/attempt.ts'
import { type LinkCalls, sendByMode, sendLink, sentResponse } from '../attempt/send-link.ts'
import { readSignInForm, invalidFormResponse, notSentResponse } from '../attempt/sign-in-form.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import { sendEnchantedLink } from '../enchanted-link/request-link.ts'
import { methodsOfEither } from '../pages/sign-in-page.ts'
import { callbackUrl } from '../paths.ts'
import { type WebResponse, withCookies } from '../response/response.ts'

/**
 * `POST /magic-link`: sends a link. 202 with a masked address for JSON clients, a 303 to the next
 * page for forms. The response is the same whether the service knows the address or not. Without a
 * `method`, an address in an app that offers enchanted links and numbers alone gets an enchanted link.
 */
export async function requestMagicLink(context: RouteContext): Promise<WebResponse> {
  const { settings } = context
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
  const uri = callbackUrl(settings, attempt.state)
  const sent = await sendLink(context, linkRequestOf(attempt, extra), () =>
    sendByMode(context, callsFor(context, method), { loginId, uri, profile }),
  )
  // If the service's response was lost, the link may arrive all the same, and must then work.
  const cookies = sent.ok || sent.mayHaveSent ? [attemptCookie(context, attempt)] : []
  if (!sent.ok) {
    const from = { route: '/magic-link', form: read.form } as const
    return withCookies(notSentResponse(context, sent.failure, from), cookies)
  }
  return sentResponse(context, attempt, cookies)
}

function callsFor(
  { client }: AuthContext,
  method: DeliveryMethod,
): LinkCalls<MaskedEmail | MaskedPhone> {
  const { signUp, signIn, signUpOrIn } = client.magicLink
  return { signUp: signUp[method], signIn: signIn[method], signUpOrIn: signUpOrIn[method] }
}
