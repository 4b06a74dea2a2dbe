import type { EndScope } from '@linkpass/core'
import type { Failure } from '../failure.ts'

export type LogoutScope = Exclude<EndScope, 'replaced'>

export interface LogoutDecision {
  /** Why it must be repeated; undefined where the sessions are ended. */
  readonly failure: Failure | undefined
  readonly keepsCookies: boolean
}

/**
 * Decides on the response to a logout.
 *
 * | the store or the service has ended them | this session         | everywhere        |
 * | --------------------------------------- | -------------------- | ----------------- |
 * | yes                                     | 204, cookies cleared | 204, cleared      |
 * | no                                      | 503, cookies cleared | 503, cookies kept |
 *
 * Where changes of an account are on, they have not ended them while the link of one may still be opened.
 *
 * Cookies are kept so that the logout everywhere can be repeated: nothing else ends the sessions of
 * other browsers.
 */
export function decideLogout(scope: LogoutScope, isEnded: boolean): LogoutDecision {
  return {
    failure: isEnded ? undefined : { kind: 'unavailable', retryAfterSeconds: 10 },
    keepsCookies: !isEnded && scope === 'everywhere',
  }
}
