import type { RequestErrorCode } from '../errors.ts'
import { requestEnded, requestFailed, requestStarted } from '../events.ts'
import { type Logger, log } from '../log.ts'

let lastRequestId = 0

/** Reports the end of one request. */
export interface Observation {
  ended(status: number): void
  failed(code: RequestErrorCode): void
}

/** Reports the start of a request. */
export function observe(
  endpoint: string,
  attempt: number,
  logger: Logger | undefined,
): Observation {
  lastRequestId += 1
  const event = { requestId: lastRequestId, endpoint, attempt }
  const startedAt = performance.now()
  requestStarted.publish(event)
  return {
    ended(status) {
      const durationMs = performance.now() - startedAt
      requestEnded.publish({ ...event, status, durationMs })
      const line = `${endpoint} returned ${status} in ${Math.round(durationMs)} ms`
      log(logger, status >= 500 || status === 429 ? 'warn' : 'debug', line)
    },
    failed(code) {
      const durationMs = performance.now() - startedAt
      requestFailed.publish({ ...event, code, durationMs })
      log(logger, 'warn', `${endpoint} failed with ${code} after ${Math.round(durationMs)} ms`)
    },
  }
}
