import type { Clock } from '../clock.ts'
import { withSignals } from '../on-abort.ts'

/** Sleeps until the time is over; rejects when one of the signals aborts, with its reason. */
export function pause(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  ...signals: readonly AbortSignal[]
): Promise<void> {
  return withSignals(signals, (signal) => clock.sleep(ms, signal))
}

/** The pauses before a write is tried again, in milliseconds. */
const retryMs = [100, 200, 400, 800, 1600, 3200]

/**
 * Writes what was paid for: waits for the first try, and while the store fails tries again, without being
 * waited for. Never rejects.
 *
 * @param pausesMs the pauses between two tries @default six, of about six seconds
 */
export async function keepTrying(
  write: () => Promise<unknown>,
  clock: Pick<Clock, 'sleep'>,
  closing: AbortSignal,
  pausesMs: Iterable<number> = retryMs,
): Promise<void> {
  const succeeds = (): Promise<boolean> =>
    write().then(
      () => true,
      () => false,
    )
  if (await succeeds()) return
  const tryAgain = async (): Promise<void> => {
    for (const ms of pausesMs) {
      await pause(clock, ms, closing)
      if (await succeeds()) return
    }
  }
  // Rejects when the client is closed.
  tryAgain().catch(() => {})
}
