import type { Clock } from '../clock.ts'
import { onAbort } from '../on-abort.ts'

/**
 * Sleeps until the time is over or one of the signals aborts, then rejects with its reason. Any number
 * of pauses may share a signal: Node warns of a leak when more than ten listen to one themselves.
 */
export async function pause(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  ...signals: readonly AbortSignal[]
): Promise<void> {
  const ended = new AbortController()
  const listening = signals.map((signal) => onAbort(signal, () => ended.abort(signal.reason)))
  try {
    await clock.sleep(ms, ended.signal)
  } finally {
    for (const forget of listening) forget()
  }
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
  if (await succeeds(write)) return
  const tryAgain = async (): Promise<void> => {
    for (const ms of pausesMs) {
      await pause(clock, ms, closing)
      if (await succeeds(write)) return
    }
  }
  // Rejects when the client is closed.
  tryAgain().catch(() => {})
}

async function succeeds(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return true
  } catch {
    return false
  }
}
