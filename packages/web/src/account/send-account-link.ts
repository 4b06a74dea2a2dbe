import type { MaskedEmail, MaskedPhone, Result } from '@linkpass/core'
import { type AttemptDetails, attemptCookie, newAttempt } from '../attempt/attempt.ts'
import { keepPurpose } from '../attempt/purpose.ts'
import { resendForm } from '../attempt/resend-form.ts'
import { sendLink, sentResponse } from '../attempt/send-link.ts'
import type { AuthContext } from '../context.ts'
import { isTemporary } from '../failure.ts'
import { callbackUrl } from '../paths.ts'
import { failureResponse } from '../response/failure-response.ts'
import { type WebResponse, withCookies } from '../response/response.ts'

/** Sends a link for a step-up or a change of address, and remembers what it is for. */
export async function sendAccountLink<R extends object>(
  context: AuthContext<R>,
  request: R,
  details: AttemptDetails,
  send: (uri: string) => Promise<Result<MaskedEmail | MaskedPhone>>,
): Promise<WebResponse> {
  const { settings } = context
  const attempt = newAttempt(context, details)
  const sent = await sendLink(context, request, attempt.loginId, () =>
    send(callbackUrl(settings, attempt.state)),
  )
  const isRemembered = sent.ok || sent.mayHaveSent
  if (isRemembered) await keepPurpose(context, attempt)
  const cookies = isRemembered ? [attemptCookie(context, request, attempt)] : []
  if (sent.ok) return sentResponse(context, request, attempt, cookies)
  const again = resendForm(settings.basePath, attempt)
  const forward = isTemporary(sent.failure) ? again : { url: attempt.returnTo }
  return withCookies(failureResponse(context, request, sent.failure, forward), cookies)
}
