import { latestStart } from '@linkpass/core/web'
import type { Request, Response } from 'express'
import { browserRecordOf } from './browser-record.ts'
import type { AuthContext } from './context.ts'
import { checkInboxPage } from './pages/check-inbox-page.ts'
import { sendPage } from './send-page.ts'

/** `GET /check-inbox`: where the link of this browser's last start went, and how to get another. */
export function getCheckInbox(context: AuthContext, req: Request, res: Response): void {
  const { basePath, limits, pages } = context.settings
  const now = context.client.settings.clock.now()
  const record = browserRecordOf(context, req)
  const start = record && latestStart(record, now)
  if (start === undefined || start.method === 'enchanted' || start.loginId === '') {
    return res.redirect(303, pages.signIn)
  }
  const { method, loginId, returnTo, createdAt } = start
  const sinceSeconds = (now - createdAt) / 1000
  const page = checkInboxPage(context.site, {
    method,
    address: loginId,
    changeUrl: `${pages.signIn}?returnTo=${encodeURIComponent(returnTo)}`,
    resend: { action: `${basePath}/magic-link`, fields: { loginId, method, returnTo } },
    resendInSeconds: Math.max(0, Math.ceil((limits?.cooldownSeconds ?? 0) - sinceSeconds)),
  })
  sendPage(context, res, page, true)
}
