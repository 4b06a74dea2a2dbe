import type { MaskedEmail, MaskedPhone, Result } from '@linkpass/core'
import {
  type AttemptDetails,
  attemptCookie,
  linkRequestOf,
  newAttempt,
  resendForm,
} from '../attempt/attempt.ts'
import { keepBoundAttempt, sessionNameOf } from '../attempt/bound-attempt.ts'
import { browserRecordFor } from '../attempt/browser-cookie.ts'
import { sendLink, sentResponse } from '../attempt/send-link.ts'
import type { RouteContext } from '../context.ts'
import { isTemporary } from '../failure.ts'
import { callbackUrl } from '../paths.ts'
import { browserNameOf } from '../request/browser-name.ts'
import { maskLoginId } from '../request/login-id.ts'
import { failureResponse } from '../response/failure-response.ts'
import { type WebResponse, withCookies } from '../response/response.ts'
import type { CurrentUser } from './current-user.ts'

/** Sends a link for a step-up or a change of address, bound to the user and the session that asked. */
export async function sendAccountLink(
  context: RouteContext,
  user: CurrentUser,
  details: Omit<AttemptDetails, 'userId'>,
  send: (uri: string) => Promise<Result<MaskedEmail | MaskedPhone>>,
): Promise<WebResponse> {
  const { settings, sealer } = context
  const { userId, loginId, refreshJwt, issuedAt } = user
  const attempt = newAttempt(context, { ...details, userId })
  const cookie = attemptCookie(context, attempt)
  const sent = await sendLink(context, linkRequestOf(attempt), async () => {
    // Without it the link could not be refused later, so it is kept first.
    await keepBoundAttempt(context, attempt.state, {
      userId,
      browser: browserRecordFor(context).browser,
      session: sessionNameOf(sealer, refreshJwt),
      issuedAt,
      account: maskLoginId(loginId),
      address: attempt.loginId,
      requestedFrom: browserNameOf(context.header('user-agent') ?? ''),
      code: attempt.code,
      createdAt: attempt.createdAt,
    })
    return send(callbackUrl(settings, attempt.state))
  })
  const cookies = sent.ok || sent.mayHaveSent ? [cookie] : []
  if (sent.ok) return sentResponse(context, attempt, cookies)
  const again = resendForm(settings.basePath, attempt)
  const forward = isTemporary(sent.failure) ? again : { url: attempt.returnTo }
  return withCookies(failureResponse(context, sent.failure, forward), cookies)
}
