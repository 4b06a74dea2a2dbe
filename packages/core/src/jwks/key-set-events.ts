/**
 * Events of the key set: two channels of `node:diagnostics_channel` and, if given, a logger. They
 * contain numbers only; the events of the request itself tell why it failed.
 */
import { channel } from 'node:diagnostics_channel'
import { type Logger, log } from '../log.ts'

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

const stale = channel('linkpass:keys:stale')
const fresh = channel('linkpass:keys:fresh')

/** Reports that an attempt failed. Of several in a row, only the first is logged. */
export function reportStale(event: KeysStaleEvent, logger: Logger | undefined): void {
  stale.publish(event)
  if (event.failures > 1) return
  const consequence =
    event.ageMs === undefined ? 'no keys are known yet' : 'the known keys stay in use'
  log(logger, 'warn', `the key set could not be refreshed; ${consequence}`)
}

/** Reports that the outage is over. */
export function reportFresh(event: KeysFreshEvent, logger: Logger | undefined): void {
  fresh.publish(event)
  log(logger, 'warn', `the key set is fresh again after ${event.failures} failed attempts`)
}
