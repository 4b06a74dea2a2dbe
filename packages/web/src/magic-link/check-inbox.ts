import { browserRecordOf } from '../attempt/browser-cookie.ts'
import { type Attempt, latestAttempt } from '../attempt/browser-record.ts'
import { resendForm } from '../attempt/resend-form.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import { checkInboxPage } from '../pages/check-inbox-page.ts'
import { donePage } from '../pages/done-page.ts'
import { signInUrl } from '../paths.ts'
import { pageResponse } from '../response/page-response.ts'
import type { WebResponse } from '../response/response.ts'

/** `GET /check-inbox`: where the link of this browser's latest attempt went, and how to get another. */
export function showCheckInbox(context: RouteContext): WebResponse {
  const { brand } = context.settings
  const record = browserRecordOf(context)
  const attempt = record && latestAttempt(record, context.client.settings.clock.now())
  // Without a login ID it is an attempt of the app's own, or of a browser that keeps no cookies.
  return attempt === undefined || attempt.loginId === ''
    ? pageResponse(brand, unknownAttemptPage(context), { posts: false })
    : pageResponse(brand, attemptPage(context, attempt), { posts: true })
}

function unknownAttemptPage({ settings, pageSite }: AuthContext): string {
  return donePage(pageSite, {
    kind: 'sent',
    forward: { url: settings.pages.signIn, label: 'Get another link' },
    lifetimeMinutes: settings.linkLifetimes.magic,
  })
}

function attemptPage(context: AuthContext, attempt: Attempt): string {
  const { settings, client, pageSite } = context
  const { method, purpose, loginId, returnTo, createdAt } = attempt
  const sinceSeconds = (client.settings.clock.now() - createdAt) / 1000
  const cooldownSeconds = settings.limits?.cooldownSeconds ?? 0
  return checkInboxPage(pageSite, {
    method,
    purpose,
    address: loginId,
    changeUrl: purpose === undefined ? signInUrl(settings, returnTo) : backUrl(context, attempt),
    resend: resendForm(settings.basePath, attempt),
    resendInSeconds: Math.max(0, Math.ceil(cooldownSeconds - sinceSeconds)),
    lifetimeMinutes: settings.linkLifetimes.magic,
  })
}

// The page that needs a step-up would only send the user here again.
function backUrl({ settings }: AuthContext, { purpose, returnTo }: Attempt): string {
  return purpose === 'step-up' ? settings.pages.afterSignIn : returnTo
}
