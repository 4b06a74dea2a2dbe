/**
 * Redis stands still while four instances get a thousand requests a second of users who are signed in. After
 * the first second no response waits for it: it is 200 where `onStoreError` is `allow`, and 503 where it is
 * `deny`. Nothing piles up, and two seconds after Redis runs again all is as before.
 */
import { Pool } from 'undici'
import { atLeast, type Finding, measuredAtMost, none } from './finding.ts'
import { type Fleet, startFleet } from './fleet/fleet.ts'

export interface StoreOutageOptions {
  /** How long Redis stands still. */
  readonly seconds: number
  readonly perSecond: number
}

const users = 50
const tickMs = 10
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

interface Outcome {
  /** When it was sent, in monotonic milliseconds. */
  readonly at: number
  readonly ms: number
  /** 0 where the connection was cut. */
  readonly status: number
}

/** Runs the scenario: once for each policy. */
export async function storeOutage(options: StoreOutageOptions): Promise<readonly Finding[]> {
  return [...(await outage('allow', 200, options)), ...(await outage('deny', 503, options))]
}

async function outage(
  onStoreError: 'allow' | 'deny',
  status: number,
  { seconds, perSecond }: StoreOutageOptions,
): Promise<readonly Finding[]> {
  await using fleet = await startFleet({ sessionLifetimeSeconds: 900, instance: { onStoreError } })
  const cookies = await Promise.all(
    Array.from({ length: users }, (_, index) => cookieOf(fleet, index)),
  )
  const load = startLoad(fleet.appUrl, cookies, perSecond)
  await pause(3000)
  const heapBefore = await heapsOf(fleet)
  const stoppedAt = performance.now()
  fleet.redis.pause()
  await pause(seconds * 1000)
  const heapAfter = await heapsOf(fleet)
  fleet.redis.resume()
  const resumedAt = performance.now()
  await pause(5000)
  const outcomes = await load.end()
  const during = outcomes.filter(({ at }) => at > stoppedAt + 1000 && at < resumedAt)
  const later = outcomes.filter(({ at }) => at > resumedAt)
  const lastWrong = later.findLast((outcome) => outcome.status !== 200)
  const growth = heapAfter.map((bytes, index) => bytes - (heapBefore[index] ?? 0))
  const under = `under ${onStoreError}`
  return [
    atLeast(`requests in the outage ${under}`, during.length, 0.9 * perSecond * (seconds - 1)),
    none(
      `of them neither 200 nor ${status}`,
      during.filter((one) => ![200, status].includes(one.status)).length,
    ),
    atLeast(
      `of them ${status}`,
      during.filter((outcome) => outcome.status === status).length,
      0.9 * during.length,
    ),
    measuredAtMost(`ms at p99 ${under}`, quantile(during, 0.99), 100),
    measuredAtMost('MB that a heap grew', Math.max(...growth) / 1e6, 20),
    measuredAtMost(
      'seconds until all is 200',
      ((lastWrong?.at ?? resumedAt) - resumedAt) / 1000,
      2,
    ),
    none('warnings of Node', fleet.warnings.filter((text) => !text.includes('get 503')).length),
  ]
}

async function cookieOf(fleet: Fleet, index: number): Promise<string> {
  const { browser } = await fleet.signIn(`user-${index}@example.test`)
  await browser.visit('/me')
  return browser.cookiePairs(...browser.cookieNames)
}

async function heapsOf({ instances }: Fleet): Promise<readonly number[]> {
  const figures = await Promise.all(instances.map((instance) => instance.figures()))
  return figures.map(({ heapBytes }) => heapBytes)
}

/** Sends requests at a fixed rate, whether or not there are responses to those before. */
function startLoad(
  appUrl: string,
  cookies: readonly string[],
  perSecond: number,
): { end(): Promise<readonly Outcome[]> } {
  const pool = new Pool(appUrl, { connections: 256 })
  const outcomes: Outcome[] = []
  const pending = new Set<Promise<void>>()
  const startedAt = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) * perSecond) / 1000
    for (; sent < due; sent += 1) {
      const request = send(cookies[sent % cookies.length] ?? '')
      pending.add(request)
      void request.finally(() => pending.delete(request))
    }
  }, tickMs)

  async function send(cookie: string): Promise<void> {
    const at = performance.now()
    const headers = { cookie, accept: 'application/json' }
    const status = await pool
      .request({ method: 'GET', path: '/me', headers })
      .then(async ({ statusCode, body }) => {
        await body.dump()
        return statusCode
      })
      .catch(() => 0)
    outcomes.push({ at, ms: performance.now() - at, status })
  }

  return {
    async end() {
      clearInterval(timer)
      await Promise.all(pending)
      await pool.close()
      return outcomes.toSorted((one, other) => one.at - other.at)
    },
  }
}

function quantile(outcomes: readonly Outcome[], share: number): number {
  const times = outcomes.map(({ ms }) => ms).toSorted((one, other) => one - other)
  return times[Math.floor(times.length * share)] ?? Number.NaN
}
