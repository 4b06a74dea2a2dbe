/**
 * Events of requests: three channels of `node:diagnostics_channel` and, if given, a logger. They
 * contain names, numbers and codes only; never a token, an address or a body.
 */
import { channel } from 'node:diagnostics_channel'
import type { RequestErrorCode } from '../errors.ts'
import { type Logger, log } from '../log.ts'

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

const started = channel('linkpass:request:start')
const ended = channel('linkpass:request:end')
const failed = channel('linkpass:request:error')

let lastRequestId = 0

/** Reports the end of one request. */
export interface Observation {
  ended(status: number): void
  failed(code: RequestErrorCode): void
}

/** Reports the start of a request; undefined, at no cost, without subscribers and logger. */
export function observe(
  endpoint: string,
  attempt: number,
  logger: Logger | undefined,
): Observation | undefined {
  const isObserved = started.hasSubscribers || ended.hasSubscribers || failed.hasSubscribers
  if (!isObserved && logger === undefined) return undefined
  lastRequestId += 1
  const event: RequestStartEvent = { requestId: lastRequestId, endpoint, attempt }
  const startedAt = performance.now()
  started.publish(event)
  return {
    ended(status) {
      const durationMs = performance.now() - startedAt
      ended.publish({ ...event, status, durationMs } satisfies RequestEndEvent)
      const line = `${endpoint} returned ${status} in ${Math.round(durationMs)} ms`
      log(logger, status >= 500 || status === 429 ? 'warn' : 'debug', line)
    },
    failed(code) {
      const durationMs = performance.now() - startedAt
      failed.publish({ ...event, code, durationMs } satisfies RequestErrorEvent)
      log(logger, 'warn', `${endpoint} failed with ${code} after ${Math.round(durationMs)} ms`)
    },
  }
}
