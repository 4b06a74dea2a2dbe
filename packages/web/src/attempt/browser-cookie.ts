import type { Session } from '@linkpass/core'
import { randomToken } from '@linkpass/core/internal'
import type { RouteContext } from '../context.ts'
import { type CookieRecord, sealedCookie } from '../response/cookies.ts'
import {
  type BrowserRecord,
  attemptLifetimeMs,
  newBrowserRecord,
  parseBrowserRecord,
} from './browser-record.ts'

// What a request's cookie held, or what its response sets by now: two attempts in one response add
// up. By site, since an app may have two.
const records = new WeakMap<object, WeakMap<object, BrowserRecord>>()

/** The record in this browser's attempt cookie; undefined without one that was sealed here. */
export function browserRecordOf(context: RouteContext): BrowserRecord | undefined {
  const known = records.get(context.site)?.get(context.request)
  if (known !== undefined) return known
  const sealed = context.cookie(context.settings.cookies.names.attempt)
  return sealed === undefined
    ? undefined
    : parseBrowserRecord(context.sealer.open('attempt', sealed))
}

/** The same, or a new record for a browser without one. */
export function browserRecordFor(context: RouteContext): BrowserRecord {
  return browserRecordOf(context) ?? newBrowserRecord(randomToken())
}

/** The cookie that keeps the record in the browser, sealed. */
export function browserRecordCookie(context: RouteContext, record: BrowserRecord): CookieRecord {
  const ofSite = records.get(context.site) ?? new WeakMap<object, BrowserRecord>()
  records.set(context.site, ofSite.set(context.request, record))
  const sealed = context.sealer.seal('attempt', record)
  return sealedCookie(context.settings.cookies, 'attempt', sealed, attemptLifetimeMs / 1000)
}

/**
 * How long ago a session was stepped up, in seconds: from the `iat` of the token that first had the
 * claim `su`. A refresh does not renew it. It is kept in the sealed record of the browser, so that a
 * session cookie alone has none. Undefined where the session was not stepped up in this browser.
 */
export function stepUpAgeSeconds(context: RouteContext, session: Session): number | undefined {
  if (session.claims['su'] !== true) return undefined
  const steppedUp = browserRecordOf(context)?.steppedUp
  if (steppedUp?.userId !== session.userId) return undefined
  return context.client.settings.clock.now() / 1000 - steppedUp.at
}
