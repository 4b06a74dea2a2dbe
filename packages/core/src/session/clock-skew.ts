import type { ServiceTime } from '../clock.ts'
import { clockSkewed } from '../events.ts'
import { type Logger, log } from '../log.ts'

/** Makes a report of clock skew: once, on the channel, and to the logger or as a process warning. */
export function createSkewReport(logger: Logger | undefined): (secondsBehind: number) => void {
  let isReported = false
  return (secondsBehind) => {
    if (isReported) return
    isReported = true
    clockSkewed.publish({ secondsBehind })
    const side = secondsBehind < 0 ? 'ahead of' : 'behind'
    const message = `The clock of this machine is ${Math.abs(secondsBehind)} s ${side} that of the service.`
    if (logger !== undefined) log(logger, 'warn', `${message} ${fix}`)
    else process.emitWarning(message, { code: 'LINKPASS_CLOCK_SKEW', detail: fix })
  }
}

const fix = 'Synchronise it (NTP): with more than five minutes, no link or session is accepted.'

/**
 * Makes the check whether new tokens of the service can be accepted by this machine's clock. An unknown
 * difference, and one that is too great, is measured first; while the service does not tell its time,
 * the clock counts as right.
 *
 * @param measure sends a request whose response tells the service's time; never rejects
 */
export function createClockCheck(
  serviceTime: Pick<ServiceTime, 'ahead' | 'isClockRight'>,
  measure: () => Promise<unknown>,
  logger: Logger | undefined,
): () => Promise<boolean> {
  const report = createSkewReport(logger)
  let measuring: Promise<unknown> | undefined
  return async () => {
    if (serviceTime.ahead() !== undefined && serviceTime.isClockRight()) return true
    measuring ??= measure().finally(() => {
      measuring = undefined
    })
    await measuring
    const isRight = serviceTime.isClockRight()
    if (!isRight) report(Math.round(Number(serviceTime.ahead()) / 1000))
    return isRight
  }
}
