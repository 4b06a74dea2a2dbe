/** The decisions about a refresh: whether to share a result, and what one returns. */
import type { TokenRecord } from '../revocation/revocation.ts'

/** How long a result is handed out to all with the same refresh token, in milliseconds. */
export const graceMs = 10_000

/** What an instance finds in the store about the refresh of a token. */
export type FoundEntry =
  /** `unreadable`: of another release. */
  | { readonly state: 'none' | 'running' | 'failed' | 'unreadable' }
  | {
      readonly state: 'done'
      /** How long ago the result was received, in milliseconds. */
      readonly ageMs: number
      readonly isRotation: boolean
    }

/**
 * - `take-over`: take the lock, then request; or wait if another instance was faster
 * - `hand-out-unless-seen`: hand out unless a browser has used the new tokens; else take over
 */
export type EntryAction = 'wait' | 'take-over' | 'hand-out' | 'hand-out-unless-seen' | 'fail'

/**
 * Decides what an instance does whose request found an entry where it would put its lock.
 *
 * | entry                       | does                 |
 * | --------------------------- | -------------------- |
 * | running                     | wait                 |
 * | none, failed, unreadable    | take-over            |
 * | done, for less than 10 s    | hand-out             |
 * | done, longer, a rotation    | hand-out-unless-seen |
 * | done, longer, no rotation   | take-over            |
 */
export function decideFound(entry: FoundEntry): EntryAction {
  if (entry.state === 'running') return 'wait'
  if (entry.state !== 'done') return 'take-over'
  if (entry.ageMs < graceMs) return 'hand-out'
  return entry.isRotation ? 'hand-out-unless-seen' : 'take-over'
}

/**
 * Decides what an instance does that waits for another's result. A failed request is not repeated on
 * behalf of those who waited for it.
 *
 * | entry              | since the wait began     | does      |
 * | ------------------ | ------------------------ | --------- |
 * | running            | any                      | wait      |
 * | done               | any                      | hand-out  |
 * | failed, unreadable | any                      | fail      |
 * | none: its owner is | less than the service's  | take-over |
 * | gone               | grace, where it is known |           |
 * | none               | longer                   | fail      |
 */
export function decideWaiting(
  state: FoundEntry['state'],
  waitedMs: number,
  serviceGraceMs: number = 0,
): EntryAction {
  if (state === 'running') return 'wait'
  if (state === 'done') return 'hand-out'
  return state === 'none' && waitedMs < serviceGraceMs ? 'take-over' : 'fail'
}

/**
 * Decides how a refresh goes on, from the service's response and from what is recorded of the token. A
 * logout that was recorded during a refresh wins. New tokens that only this request has are not thrown
 * away because the store is unavailable: the old one may be used up. Those in the store are not lost.
 *
 * | the service        | nothing | logout  | replaced | unknown     |
 * | ------------------ | ------- | ------- | -------- | ----------- |
 * | is not asked yet   | go-on   | revoked | rotated  | unavailable |
 * | returned tokens    | go-on   | revoked | rotated  | go-on       |
 * | … which are stored | go-on   | revoked | rotated  | unavailable |
 * | gave no response   | refused | revoked | rotated  | refused     |
 * | rejected the token | refused | refused | rotated  | unavailable |
 *
 * - `replaced`: by a newer token, or by a sign-in in the same browser, whose cookies it has
 * - `unknown`: the store is unavailable
 * - `refused`: the error of the service is the outcome
 */
export function decideRefresh(service: ServiceFact, record: RecordFact): RefreshAction {
  return outcomes[service][record]
}

export type ServiceFact = 'unasked' | 'tokens' | 'stored-tokens' | 'failed' | 'rejected'
export type RecordFact = TokenRecord | 'unknown'
export type RefreshAction = 'go-on' | 'revoked' | 'rotated' | 'refused' | 'unavailable'

const ended = { logout: 'revoked', replaced: 'rotated' } as const

const outcomes: Readonly<Record<ServiceFact, Readonly<Record<RecordFact, RefreshAction>>>> = {
  unasked: { ...ended, nothing: 'go-on', unknown: 'unavailable' },
  tokens: { ...ended, nothing: 'go-on', unknown: 'go-on' },
  'stored-tokens': { ...ended, nothing: 'go-on', unknown: 'unavailable' },
  failed: { ...ended, nothing: 'refused', unknown: 'refused' },
  rejected: { ...ended, nothing: 'refused', logout: 'refused', unknown: 'unavailable' },
}
