import type { Clock } from '../clock.ts'
import { RequestError } from '../errors.ts'
import type { Service } from '../http/service.ts'
import type { SessionTokens } from '../model/api.ts'
import { failed, notSent, type Result } from '../result.ts'
import { check, checkOptional, checkOptions } from './arguments.ts'
import { nextPoll } from './next-poll.ts'
import { type Limits, withSignals } from '../on-abort.ts'

/** Options of `waitForSession`. */
export interface WaitOptions {
  /** The pause after each response, in milliseconds; at least 1,000. @default 1_000 */
  pollingIntervalMs?: number
  /** How long to wait, in milliseconds; at most 600,000. @default 600_000 */
  timeoutMs?: number
  /** Ends the wait with `ERR_ABORTED` when it aborts. */
  signal?: AbortSignal
}

/**
 * Requests the session of an enchanted link until it exists: the first time at once, then one poll
 * at a time with a pause after each.
 *
 * It ends with the session; with a final error, such as an expired link; with `ERR_TIMEOUT` if the
 * next poll would be after the deadline, the last error as its cause; with `ERR_ABORTED` or
 * `ERR_CLOSED`. A dropped connection, an unusable response, an error response without a code, a 5xx and
 * a 429 do not end it, unless the Retry-After of a 429 is after the deadline.
 */
export type WaitForSession = (
  pendingRef: string,
  options?: WaitOptions,
) => Promise<Result<SessionTokens>>

export interface WaitDeps {
  readonly call: Service['call']
  readonly limits: Limits
  readonly clock: Clock
  /** Aborts with an error when the client closes. */
  readonly closing: AbortSignal
}

const shortestIntervalMs = 1000
const longestWaitMs = 600_000

/** Creates the polling loop. Its timers are the clock's, and none is left when it ends. */
export function createWaitForSession(deps: WaitDeps): WaitForSession {
  return async (pendingRef, options) => {
    const invalid =
      check('pendingRef', pendingRef) ??
      checkOptions(options, ['pollingIntervalMs', 'timeoutMs', 'signal']) ??
      checkOptional('pollingIntervalMs', options?.pollingIntervalMs) ??
      checkOptional('timeoutMs', options?.timeoutMs) ??
      checkOptional('signal', options?.signal)
    if (invalid) return notSent(invalid)
    return withSignals([deps.limits.signal, options?.signal, deps.closing], (signal) =>
      poll(deps, pendingRef, options ?? {}, signal),
    )
  }
}

async function poll(
  { call, limits, clock }: WaitDeps,
  pendingRef: string,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<Result<SessionTokens>> {
  const intervalMs = Math.max(options.pollingIntervalMs ?? 0, shortestIntervalMs)
  const endsAt = clock.monotonic() + Math.min(options.timeoutMs ?? longestWaitMs, longestWaitMs)
  const request = { body: { pendingRef }, secret: pendingRef }
  let failures = 0
  for (;;) {
    const leftMs = Math.max(endsAt - clock.monotonic(), 1)
    const timeoutMs = Math.min(limits.timeoutMs, leftMs)
    const result = await call('enchantedLink.getSession', request, { timeoutMs, signal })
    if (result.ok) return result
    if (signal.aborted) return aborted(signal.reason)
    const next = nextPoll(result.error, intervalMs, failures)
    if (next === undefined) return result
    if (clock.monotonic() + next.waitMs >= endsAt) {
      return result.error.code === 'ERR_RATE_LIMITED' ? result : timedOut(result.error)
    }
    failures = next.failures
    try {
      await clock.sleep(next.waitMs, signal)
    } catch (cause) {
      // A clock that fails to sleep ends the wait too, or it would poll without a pause.
      return aborted(signal.aborted ? signal.reason : cause)
    }
  }
}

function aborted(reason: unknown): Result<never> {
  if (reason instanceof RequestError) return failed(reason)
  return failed(new RequestError('ERR_ABORTED', 'The caller aborted the wait.', { cause: reason }))
}

function timedOut(cause: unknown): Result<never> {
  const message = 'No link was verified before the deadline of the wait.'
  return failed(new RequestError('ERR_TIMEOUT', message, { cause }))
}
