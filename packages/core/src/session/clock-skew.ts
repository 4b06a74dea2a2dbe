/** Tells the operator that the clocks of this machine and of the service differ. */
import { channel } from 'node:diagnostics_channel'
import type { Logger } from '../options.ts'

/** The message of `linkpass:clock-skew`: a token of the service was issued in the future. */
export interface ClockSkewEvent {
  /** By how many seconds the clock of this machine is behind that of the service, at least. */
  readonly secondsBehind: number
}

const skewed = channel('linkpass:clock-skew')

/** Makes a report of clock skew: once, on the channel, and to the logger or as a process warning. */
export function createSkewReport(logger: Logger | undefined): (secondsBehind: number) => void {
  let isReported = false
  return (secondsBehind) => {
    if (isReported) return
    isReported = true
    skewed.publish({ secondsBehind } satisfies ClockSkewEvent)
    warn(logger, `The clock of this machine is ${secondsBehind} s behind that of the service.`)
  }
}

function warn(logger: Logger | undefined, message: string): void {
  if (logger === undefined) {
    const detail = 'Synchronise it: sessions are refused when it is more than five minutes behind.'
    process.emitWarning(message, { code: 'LINKPASS_CLOCK_SKEW', detail })
    return
  }
  try {
    logger.warn(`linkpass: ${message}`)
  } catch {
    // A broken logger must not decide whether a user can sign in.
  }
}
