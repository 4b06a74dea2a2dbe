/**
 * Events for monitoring, each a channel of `node:diagnostics_channel`. They contain names, numbers and
 * codes, and what a store threw; never a token, an address or a body.
 */
import { channel } from 'node:diagnostics_channel'
import { LinkpassError, type RequestErrorCode } from './errors.ts'

/** The message of `linkpass:request:start`; the messages of the other two repeat its fields. */
export interface RequestStartEvent {
  /** The same in all messages of one request; unique in this process. */
  readonly requestId: number
  /** The call's name on the client, such as `magicLink.verify`, or `keys`. */
  readonly endpoint: string
  /** From 1. */
  readonly attempt: number
}

/** The message of `linkpass:request:end`: a response with any status was received. */
export interface RequestEndEvent extends RequestStartEvent {
  readonly status: number
  readonly durationMs: number
}

/** The message of `linkpass:request:error`: there was no response. */
export interface RequestErrorEvent extends RequestStartEvent {
  readonly code: RequestErrorCode
  readonly durationMs: number
}

/** The message of `linkpass:keys:stale`: an attempt to refresh the key set failed. */
export interface KeysStaleEvent {
  /** How many have failed in a row, from 1. */
  readonly failures: number
  /** The age of the keys that stay in use, in milliseconds; absent while there are none. */
  readonly ageMs?: number
}

/** The message of `linkpass:keys:fresh`: the first successful attempt after failures. */
export interface KeysFreshEvent {
  /** How many attempts had failed. */
  readonly failures: number
}

/** The message of `linkpass:store:operation`: an operation of a shared store has ended. */
export interface StoreOperationEvent {
  /** The method of the `StateStore`. */
  readonly operation: string
  /** `failed` also for one that took too long; `refused` while the store is known to be away. */
  readonly outcome: 'ok' | 'failed' | 'refused'
  readonly durationMs: number
  /** Why it failed: the error of the store, as it is. */
  readonly cause?: unknown
}

/** The message of `linkpass:store:breaker`: the store was found to be away, or to be back. */
export interface StoreBreakerEvent {
  /** While it is open, operations fail at once, except one a second. */
  readonly state: 'open' | 'closed'
  /** Which operations: a store that is full, or a replica, may fail writes alone. */
  readonly operations: 'reads' | 'writes'
}

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

/** The message of `linkpass:clock-skew`: the clocks of this machine and of the service differ. */
export interface ClockSkewEvent {
  /**
   * By how many seconds the clock of this machine is behind that of the service, at least; negative
   * when it is more than five minutes ahead.
   */
  readonly secondsBehind: number
}

/** A channel for one kind of message. */
interface Events<Message> {
  readonly hasSubscribers: boolean
  publish(message: Message): void
}

const channelOf = <Message>(name: string): Events<Message> => channel(name)

export const requestStarted = channelOf<RequestStartEvent>('linkpass:request:start')
export const requestEnded = channelOf<RequestEndEvent>('linkpass:request:end')
export const requestFailed = channelOf<RequestErrorEvent>('linkpass:request:error')
export const keysStale = channelOf<KeysStaleEvent>('linkpass:keys:stale')
export const keysFresh = channelOf<KeysFreshEvent>('linkpass:keys:fresh')
export const storeOperation = channelOf<StoreOperationEvent>('linkpass:store:operation')
export const storeBreaker = channelOf<StoreBreakerEvent>('linkpass:store:breaker')
export const sessionVerified = channelOf<SessionVerifiedEvent>('linkpass:session:verified')
export const sessionRefreshed = channelOf<SessionRefreshedEvent>('linkpass:session:refreshed')
export const revocationsBehind = channelOf<RevocationsBehindEvent>('linkpass:revocations:behind')
export const revocationsFollowed = channelOf<RevocationsFollowedEvent>(
  'linkpass:revocations:followed',
)
export const clockSkewed = channelOf<ClockSkewEvent>('linkpass:clock-skew')

/** The code of an error, as events tell it. */
export function codeOf(error: unknown): string {
  return error instanceof LinkpassError ? error.code : 'unknown'
}
