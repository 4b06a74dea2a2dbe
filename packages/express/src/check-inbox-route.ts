import { type Attempt, latestAttempt } from '@linkpass/web'
import type { Request, Response } from 'express'
import { browserRecordOf } from './browser-record.ts'
import type { AuthContext } from './context.ts'
import { checkInboxPage } from './pages/check-inbox-page.ts'
import { donePage } from './pages/done-page.ts'
import { resendForm } from './resend-form.ts'
import { sendPage } from './send-page.ts'
import { signInUrl } from './start-link.ts'

/** `GET /check-inbox`: where the link of this browser's last attempt went, and how to get another. */
export function getCheckInbox(context: AuthContext, req: Request, res: Response): void {
  const { limits, linkLifetimes, pages } = context.settings
  const now = context.client.settings.clock.now()
  const record = browserRecordOf(context, req)
  const attempt = record && latestAttempt(record, now)
  if (attempt === undefined || attempt.loginId === '') {
    // A browser that keeps no cookies, or an attempt of the app's own: a link may well be on its way.
    const forward = { url: pages.signIn, label: 'Ask for another link' }
    const page = donePage(context.site, {
      kind: 'sent',
      forward,
      lifetimeMinutes: linkLifetimes.magic,
    })
    return sendPage(context, res, page, false)
  }
  const { method, purpose, loginId, returnTo, createdAt } = attempt
  const sinceSeconds = (now - createdAt) / 1000
  const page = checkInboxPage(context.site, {
    method,
    purpose,
    address: loginId,
    changeUrl: purpose === undefined ? signInUrl(context, returnTo) : wayOut(context, attempt),
    resend: resendForm(context, attempt),
    resendInSeconds: Math.max(0, Math.ceil((limits?.cooldownSeconds ?? 0) - sinceSeconds)),
    lifetimeMinutes: linkLifetimes.magic,
  })
  sendPage(context, res, page, true)
}

// What asks for a step-up would only ask for it again.
function wayOut({ settings }: AuthContext, { purpose, returnTo }: Attempt): string {
  return purpose === 'step-up' ? settings.pages.afterSignIn : returnTo
}
