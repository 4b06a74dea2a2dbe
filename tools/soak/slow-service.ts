/**
 * The service takes three seconds to respond, and users keep requesting links. All other users are
 * served as usual, and the waiting calls hold no more sockets than the pool may have.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { startEmulator } from '@linkpass/emulator'
import { startApp, whoIs } from './app.ts'
import { runLoopUntil } from './concurrency.ts'
import { startUnreliableProxy } from './unreliable-proxy.ts'
import { atMost, type Finding, measuredAtMost, none } from './finding.ts'

export interface SlowServiceOptions {
  /** Requests of users who are signed in, while others wait for the service. */
  readonly requests: number
  /** How long the service takes to respond. */
  readonly respondsAfterMs: number
  /** Whether that is real time, or passes on the emulator's clock once the requests were served. */
  readonly inRealTime: boolean
}

const connections = 48
/** How many of them requests other than refreshes may use at once. */
const requestsAtOnce = 32
// The second half waits for its turn.
const slowRequests = requestsAtOnce * 2

/** Runs the scenario. */
export async function slowService(options: SlowServiceOptions): Promise<readonly Finding[]> {
  const { requests, respondsAfterMs, inRealTime } = options
  await using emulator = await startEmulator()
  await using proxy = await startUnreliableProxy(emulator.url)
  await using app = await startApp(emulator, { baseUrl: proxy.url, timeoutMs: 60_000 })
  const { browser } = await app.signedIn('ada@example.test')
  await whoIs(browser)
  emulator.faults.add({
    path: '/v1/auth/magiclink/*',
    delayMs: respondsAfterMs,
    times: 'always',
  })

  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let responded = 0
  let notSent = 0
  const slow = Array.from({ length: slowRequests }, async (_, index) => {
    const form = { loginId: `user-${index}@example.test` }
    const { location } = await app.browser().visit('/auth/magic-link', { form })
    responded += 1
    if (location !== '/auth/check-inbox') notSent += 1
  })
  await runLoopUntil(() => proxy.open() >= requestsAtOnce)
  let delayed = 0
  for (let request = 0; request < requests; request += 1) {
    const userId = await whoIs(browser)
    if (userId === undefined || responded > 0) delayed += 1
  }
  if (!inRealTime) {
    // The second half is sent when the first has its responses, and its time starts then.
    await runLoopUntil(() => {
      emulator.clock.advance(respondsAfterMs)
      return responded === slowRequests
    })
  }
  await Promise.all(slow)
  delay.disable()

  return [
    none(`of ${requests} requests of others refused or delayed`, delayed),
    none(`of ${slowRequests} slow requests that sent no link`, notSent),
    atMost('sockets at once', proxy.peak(), connections),
    // The histogram counts in nanoseconds.
    measuredAtMost('ms of event-loop delay at p99', delay.percentile(99) / 1e6, 20),
  ]
}
