/** Events of sessions: channels of `node:diagnostics_channel`. They contain no token and no user. */
import { channel } from 'node:diagnostics_channel'
import { LinkpassError } from '../errors.ts'

/**
 * The message of `linkpass:session:verified`: a session token was verified. One that is in the cache is
 * not, so these are the misses.
 */
export interface SessionVerifiedEvent {
  /** `valid`, `expired`, or the code of the error. */
  readonly outcome: string
}

/** The message of `linkpass:session:refreshed`: a refresh has ended, for all who waited for it here. */
export interface SessionRefreshedEvent {
  /** `ok`, or the code of the error. */
  readonly outcome: string
  readonly durationMs: number
}

/** The message of `linkpass:revocations:behind`: the log of revocations could not be read for a second. */
export interface RevocationsBehindEvent {
  /** The age of what is known, in milliseconds; absent before the log was read. */
  readonly ageMs?: number
}

/** The message of `linkpass:revocations:followed`: the log is followed, at first or again. */
export interface RevocationsFollowedEvent {
  /** How many revoked tokens and users are known. */
  readonly entries: number
}

/** `linkpass:session:verified` */
export const sessionVerified = channel('linkpass:session:verified')
/** `linkpass:session:refreshed` */
export const sessionRefreshed = channel('linkpass:session:refreshed')
const behind = channel('linkpass:revocations:behind')
const followed = channel('linkpass:revocations:followed')

/** Publishes what came of a promise, without waiting for it. Ask for subscribers first. */
export function reportRefreshed(refreshed: Promise<unknown>): void {
  const startedAt = performance.now()
  const publish = (outcome: string): void => {
    const durationMs = performance.now() - startedAt
    sessionRefreshed.publish({ outcome, durationMs } satisfies SessionRefreshedEvent)
  }
  refreshed.then(
    () => publish('ok'),
    (error: unknown) => publish(codeOf(error)),
  )
}

/** Publishes the outcome of a verification. */
export function reportVerified(outcome: SessionVerifiedEvent['outcome']): void {
  sessionVerified.publish({ outcome } satisfies SessionVerifiedEvent)
}

/** Publishes that the log of revocations is not followed. */
export function reportBehind(event: RevocationsBehindEvent): void {
  behind.publish(event)
}

/** Publishes that the log of revocations is followed. */
export function reportFollowed(event: RevocationsFollowedEvent): void {
  followed.publish(event)
}

/** The code of an error, as events tell it. */
export function codeOf(error: unknown): string {
  return error instanceof LinkpassError ? error.code : 'unknown'
}
