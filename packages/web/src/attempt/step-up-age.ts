import type { Session } from '@linkpass/core'
import type { RouteContext } from '../context.ts'
import { browserRecordOf } from './browser-cookie.ts'

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
