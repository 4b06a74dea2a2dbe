import type { Session } from '@linkpass/core'
import type { AuthContext } from '../context.ts'
import { browserRecordOf } from './browser-cookie.ts'
import { type BrowserRecord, withStepUp } from './browser-record.ts'

/**
 * How long ago a session was stepped up, in seconds: from the `iat` of the token that first had the
 * claim `su`. A refresh does not renew it. It is kept in the sealed record of the browser, so that a
 * session cookie alone has none. Undefined where the session was not stepped up in this browser.
 */
export function stepUpAgeSeconds<R extends object>(
  context: AuthContext<R>,
  request: R,
  session: Session,
): number | undefined {
  if (session.claims['su'] !== true) return undefined
  const steppedUp = browserRecordOf(context, request)?.steppedUp
  if (steppedUp?.userId !== session.userId) return undefined
  return context.client.settings.clock.now() / 1000 - steppedUp.at
}

/** The record of a browser that gets this session. */
export function withSession(record: BrowserRecord, session: Session): BrowserRecord {
  if (session.claims['su'] !== true) return record
  return withStepUp(record, { userId: session.userId, at: session.claims.iat })
}
