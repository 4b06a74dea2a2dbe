import {
  browserRecordOf,
  type Attempt,
  type BrowserRecord,
  hasRedeemed,
} from '../attempt/browser-record.ts'
import { resendForm } from '../attempt/attempt.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import { waitingModel } from '../enchanted-link/waiting.ts'
import { type CheckInboxModel, checkInboxPage } from '../pages/check-inbox-page.ts'
import { donePage } from '../pages/done-page.ts'
import type { Page } from '../pages/layout.ts'
import { waitingPage } from '../pages/waiting-page.ts'
import { signInUrl } from '../paths.ts'
import { pageResponse } from '../response/page-response.ts'
import type { WebResponse } from '../response/response.ts'
import { sessionUrl, signedInHere } from '../session/current-session.ts'
import { type WaitingStepUp, waitingStepUp } from './waiting-step-up.ts'

/**
 * `GET /check-inbox`: where the link of this browser's latest attempt went, and how to get another. A
 * step-up has its code there, and goes on once that was typed in another browser.
 */
export async function showCheckInbox(context: RouteContext): Promise<WebResponse> {
  const waiting = waitingStepUp(context)
  if (waiting !== undefined) {
    return pageResponse(await stepUpPage(context, waiting))
  }
  const record = browserRecordOf(context)
  const attempt = record?.attempts.at(-1)
  // Without a login ID it is an attempt of the app's own, or of a browser that keeps no cookies.
  if (record === undefined || attempt === undefined || attempt.loginId === '') {
    return pageResponse(donePage('sent'))
  }
  return pageResponse(attemptPage(context, attempt, await signInNews(context, record, attempt)))
}

// The user may have opened the link in another tab. Another user may wait for a link, too.
async function signInNews(
  context: RouteContext,
  record: BrowserRecord,
  { loginId, purpose, returnTo }: Attempt,
): Promise<Pick<CheckInboxModel, 'sessionUrl' | 'signedIn'>> {
  if (purpose !== undefined) return {}
  const here = await signedInHere(context, returnTo)
  if (here === undefined) return { sessionUrl: sessionUrl(context) }
  return hasRedeemed(record, loginId, here.userId) ? { signedIn: here } : {}
}

async function stepUpPage(
  context: AuthContext,
  { attempt, code, pending }: WaitingStepUp,
): Promise<Page> {
  const state = await context.broker.status(pending, 0)
  const model = waitingModel(context, pending, '/step-up')
  if (state === 'approved' || state === 'code-refused') {
    return waitingPage({ ...model, state, startAgainUrl: attempt.returnTo })
  }
  return attemptPage(context, attempt, state === 'expired' ? {} : { elsewhere: { ...model, code } })
}

function attemptPage(
  context: AuthContext,
  attempt: Attempt,
  more: Pick<CheckInboxModel, 'elsewhere' | 'sessionUrl' | 'signedIn'>,
): Page {
  const { settings, client } = context
  const { method, purpose, loginId, returnTo, createdAt } = attempt
  const signIn = signInUrl(settings, returnTo)
  // The page that needs a step-up would only send the user here again.
  const back = purpose === 'step-up' ? settings.pages.afterSignIn : returnTo
  const isChecked = purpose === undefined && settings.extraFields.length > 0
  const sinceSeconds = (client.settings.clock.now() - createdAt) / 1000
  const cooldownSeconds = settings.limits?.cooldownSeconds ?? 0
  return checkInboxPage({
    method,
    purpose,
    address: loginId,
    changeUrl: purpose === undefined ? signIn : back,
    // The outcome of a bot check counts once, so the sign-in page makes another.
    resend: isChecked ? { url: signIn } : resendForm(settings.basePath, attempt),
    resendInSeconds: Math.max(0, Math.ceil(cooldownSeconds - sinceSeconds)),
    ...more,
  })
}
