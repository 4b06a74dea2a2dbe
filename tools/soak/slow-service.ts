/**
 * The service takes three seconds to answer, and people go on asking for links. Everybody else is
 * served as ever, and the calls that wait hold no more sockets than the pool may have.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { startEmulator } from '@linkpass/emulator'
import { startApp, whoIs } from './app.ts'
import { turnUntil } from './crowd.ts'
import { startCuttingProxy } from './cutting-proxy.ts'
import { atMost, type Finding, measuredAtMost, none } from './finding.ts'

export interface SlowServiceOptions {
  /** Requests of people who are signed in, while others wait for the service. */
  readonly requests: number
  /** How long the service takes to answer. */
  readonly answersAfterMs: number
  /** Whether that passes for real, or on the emulator's clock as soon as the requests were served. */
  readonly inRealTime: boolean
}

const poolSize = 32
// Twice what the pool may have: the second half waits for a connection.
const starts = poolSize * 2

/** Runs it. */
export async function slowService(options: SlowServiceOptions): Promise<readonly Finding[]> {
  const { requests, answersAfterMs, inRealTime } = options
  await using emulator = await startEmulator()
  await using proxy = await startCuttingProxy(emulator.url)
  await using app = await startApp(emulator, { baseUrl: proxy.url, timeoutMs: 60_000 })
  const { browser } = await app.signedIn('ada@example.test')
  await whoIs(browser)
  emulator.faults.add({
    path: '/v1/auth/magiclink/*',
    delayMs: answersAfterMs,
    times: 'always',
  })

  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let answered = 0
  let notSent = 0
  const slow = Array.from({ length: starts }, async (_, index) => {
    const form = { loginId: `person-${index}@example.test` }
    const { location } = await app.browser().visit('/auth/magic-link', { form })
    answered += 1
    if (location !== '/auth/check-inbox') notSent += 1
  })
  await turnUntil(() => proxy.open() >= poolSize)
  let heldUp = 0
  for (let request = 0; request < requests; request += 1) {
    const userId = await whoIs(browser)
    if (userId === undefined || answered > 0) heldUp += 1
  }
  if (!inRealTime) {
    // The second half is sent as the first is answered, and its time passes from then on.
    await turnUntil(() => {
      emulator.clock.advance(answersAfterMs)
      return answered === starts
    })
  }
  await Promise.all(slow)
  delay.disable()

  return [
    none(`of ${requests} requests of others refused or held up`, heldUp),
    none(`of ${starts} slow starts that sent no link`, notSent),
    atMost('sockets at once', proxy.peak(), poolSize),
    // The histogram counts in nanoseconds.
    measuredAtMost('ms of event-loop delay at p99', delay.percentile(99) / 1e6, 20),
  ]
}
