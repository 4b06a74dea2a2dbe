/**
 * What is told about the key set: two channels of `node:diagnostics_channel` and, if given, a
 * logger. Numbers only; what a failure was about is told by the request's own events.
 */
import { channel } from 'node:diagnostics_channel'
import type { Logger } from '../options.ts'

/** The message of `linkpass:keys:stale`: an attempt to refresh the key set failed. */
export interface KeysStaleEvent {
  /** How many have failed in a row, from 1. */
  readonly failures: number
  /** The age of the keys that stay in use; absent while there are none. */
  readonly ageMs?: number
}

/** The message of `linkpass:keys:fresh`: the first good answer after failures. */
export interface KeysFreshEvent {
  /** How many attempts had failed. */
  readonly failures: number
}

const stale = channel('linkpass:keys:stale')
const fresh = channel('linkpass:keys:fresh')

/** Tells that an attempt failed; of several in a row the logger hears the first. */
export function tellStale(event: KeysStaleEvent, logger: Logger | undefined): void {
  stale.publish(event)
  if (event.failures > 1) return
  const consequence = event.ageMs === undefined ? 'none is known yet' : 'those at hand stay in use'
  warn(logger, `linkpass: the keys could not be refreshed; ${consequence}`)
}

/** Tells that the outage is over. */
export function tellFresh(event: KeysFreshEvent, logger: Logger | undefined): void {
  fresh.publish(event)
  warn(logger, `linkpass: the keys are fresh again, after ${event.failures} failed attempts`)
}

function warn(logger: Logger | undefined, line: string): void {
  try {
    logger?.warn(line)
  } catch {
    // A broken logger must not decide whether somebody can sign in.
  }
}
