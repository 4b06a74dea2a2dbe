import { checkOpaque, checkOptions, checkPositive, checkSignal } from './arguments.ts'
import type { Clock } from '../clock.ts'
import { RequestError } from '../errors.ts'
import type { Limits } from '../http/exchange.ts'
import type { Service } from '../http/service.ts'
import type { SessionTokens } from '../model/session-tokens.ts'
import { nextPoll } from './next-poll.ts'
import { onAbort } from './on-abort.ts'
import { notSent, type Result } from '../result.ts'

/** Options of `waitForSession`. */
export interface WaitOptions {
  /** The pause after each answer, in milliseconds; less than 1,000 counts as that. @default 1_000 */
  pollingIntervalMs?: number
  /** How long to wait, in milliseconds; more than 600,000 counts as that. @default 600_000 */
  timeoutMs?: number
  /** Ends the wait with `ERR_ABORTED` when it aborts. */
  signal?: AbortSignal
}

/**
 * Asks for the session of an enchanted link until it is there: first at once, then one poll at a
 * time with a pause after each. Ends with the session; with a refusal that is final, such as an
 * expired link; with `ERR_TIMEOUT` when the next poll would come after the deadline, its cause the
 * last answer; with `ERR_ABORTED` or `ERR_CLOSED`. A dropped connection, a 5xx and a 429 do not end
 * it, unless a 429 asks to wait past the deadline.
 */
export type WaitForSession = (
  pendingRef: string,
  options?: WaitOptions,
) => Promise<Result<SessionTokens>>

/** What {@link createWaitForSession} is made of. */
export interface WaitDeps {
  readonly call: Service['call']
  readonly limits: Limits
  readonly clock: Clock
  /** The waits under way, for the client to abort with an error when it closes. */
  readonly waits: Set<AbortController>
}

const shortestIntervalMs = 1000
const longestWaitMs = 600_000

/** The polling loop. Its timers are the clock's, and none is left when it ends. */
export function createWaitForSession({ call, limits, clock, waits }: WaitDeps): WaitForSession {
  return async (pendingRef, options) => {
    const wrong =
      checkOpaque('pendingRef', pendingRef) ??
      checkOptions('options', options, ['pollingIntervalMs', 'timeoutMs', 'signal']) ??
      checkPositive('pollingIntervalMs', options?.pollingIntervalMs) ??
      checkPositive('timeoutMs', options?.timeoutMs) ??
      checkSignal(options?.signal)
    if (wrong) return notSent(wrong)

    const wait = new AbortController()
    const unfollow = [limits.signal, options?.signal].map(
      (signal) => signal && onAbort(signal, () => wait.abort(signal.reason)),
    )
    waits.add(wait)
    try {
      return await poll(pendingRef, options ?? {}, wait.signal)
    } finally {
      waits.delete(wait)
      for (const stop of unfollow) stop?.()
    }
  }

  async function poll(
    pendingRef: string,
    options: WaitOptions,
    signal: AbortSignal,
  ): Promise<Result<SessionTokens>> {
    const intervalMs = Math.max(options.pollingIntervalMs ?? 0, shortestIntervalMs)
    const endsAt = clock.monotonic() + Math.min(options.timeoutMs ?? longestWaitMs, longestWaitMs)
    let failures = 0
    for (;;) {
      const leftMs = Math.max(endsAt - clock.monotonic(), 1)
      const timeoutMs = Math.min(limits.timeoutMs, leftMs)
      const request = { body: { pendingRef }, secret: pendingRef }
      const result = await call('enchantedLink.getSession', request, { timeoutMs, signal })
      if (result.ok) return result
      if (signal.aborted) return ended(signal.reason)
      const next = nextPoll(result.error, intervalMs, failures)
      if (next === undefined) return result
      if (clock.monotonic() + next.waitMs >= endsAt) {
        return result.error.code === 'ERR_RATE_LIMITED' ? result : tooLate(result.error)
      }
      failures = next.failures
      try {
        await clock.sleep(next.waitMs, signal)
      } catch (cause) {
        // A clock that cannot sleep ends the wait too, or it would poll without a pause.
        return ended(signal.aborted ? signal.reason : cause)
      }
    }
  }
}

function ended(reason: unknown): Result<never> {
  const error =
    reason instanceof RequestError
      ? reason
      : new RequestError('ERR_ABORTED', 'The caller aborted the wait.', { cause: reason })
  return { ok: false, code: 0, error }
}

function tooLate(cause: unknown): Result<never> {
  const message = 'Nobody verified a link before the deadline of the wait.'
  return { ok: false, code: 0, error: new RequestError('ERR_TIMEOUT', message, { cause }) }
}
