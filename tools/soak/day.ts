/**
 * A day of an app in steps of a minute: users load pages all day, keys rotate every six hours, and
 * the service is unavailable for 15 minutes every four hours. Each decision is compared with what is
 * known: which sessions are valid, and which tokens no key of the project has signed.
 */
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { activeResources, leftSince } from './active-resources.ts'
import { type App, type User, startApp } from './app.ts'
import { atLeast, type Finding, measuredAtMost, none } from './finding.ts'
import { liveHeapMb, slopeOf } from './heap.ts'

export interface DayOptions {
  /** The length of the day. */
  readonly minutes: number
  readonly users: number
}

const rotateEvery = 6 * 60
const outageEvery = 4 * 60
const outageLasts = 15
/** How long an old key stays published: its sessions are refreshed well before, even in an outage. */
const graceSeconds = 60 * 60
const invalidTokensEvery = 30
/** The first hours fill the bounded caches and are not measured. */
const warmUpHours = 4

/** Runs the scenario. */
export async function day({ minutes, users }: DayOptions): Promise<readonly Finding[]> {
  const before = activeResources()
  const counts = { decisions: 0, wrong: 0, putOff: 0 }
  const heapMb = await runMinutes(minutes, users, counts)
  return [
    none(`of ${counts.decisions} decisions wrong`, counts.wrong),
    atLeast('503 in an outage', counts.putOff, 1),
    none('timers and sockets left', await leftSince(before)),
    measuredAtMost('MB of heap an hour', slopeOf(heapMb.slice(warmUpHours)), 0.2),
  ]
}

interface Counts {
  decisions: number
  wrong: number
  /** Decided as 503, as they must be while the service is unavailable. */
  putOff: number
}

/** Runs all minutes; resolves to the size of the heap after each hour. */
async function runMinutes(minutes: number, userCount: number, counts: Counts): Promise<number[]> {
  await using emulator = await startEmulator({ rotateRefreshTokens: true })
  await using app = await startApp(emulator)
  const invalidTokens = await makeInvalidTokens(emulator)
  const everyUser = await Promise.all(
    Array.from({ length: userCount }, (_, index) => app.signedIn(`user-${index}@example.test`)),
  )
  const heapMb: number[] = []

  for (let minute = 1; minute <= minutes; minute += 1) {
    emulator.clock.advance(60_000)
    if (minute % rotateEvery === 0) await emulator.keys.rotate({ graceSeconds })
    const isOut = minute >= outageEvery && minute % outageEvery < outageLasts
    emulator.faults.clear()
    if (isOut) emulator.faults.add({ path: '/*', drop: 'before', times: 'always' })

    await Promise.all(everyUser.map((user) => visit(app, user, isOut, counts)))
    // An unknown key id causes a key fetch: with each minute, the keys would never grow stale.
    if (minute % invalidTokensEvery === 0) {
      for (const jwt of invalidTokens) await present(app, jwt, [401, 503], counts)
    }
    const copied = everyUser[minute % userCount]?.browser.cookie(app.cookieNames.session)
    if (copied !== undefined) await present(app, forged(copied), [401], counts)
    if (minute % 60 === 0) heapMb.push(liveHeapMb())
  }
  return heapMb
}

/** A page load: passed as the user, or 503 while the service cannot say whether the session holds. */
async function visit(
  app: App,
  { browser, userId }: User,
  isOut: boolean,
  counts: Counts,
): Promise<void> {
  // A browser drops the cookie when the session expires.
  const holds = browser.cookie(app.cookieNames.session) !== undefined
  const { status, body } = await browser.visit('/me')
  const mustWait = isOut && !holds
  const isRight = mustWait ? status === 503 : status === 200 && JSON.parse(body).userId === userId
  counts.decisions += 1
  if (mustWait) counts.putOff += 1
  if (!isRight) counts.wrong += 1
}

/** A request with a token that must be refused, as a script sends it. */
async function present(
  app: App,
  jwt: string,
  statuses: readonly number[],
  counts: Counts,
): Promise<void> {
  const headers = { authorization: `Bearer ${jwt}`, accept: 'application/json' }
  const { status } = await app.browser().visit('/me', { headers })
  counts.decisions += 1
  if (!statuses.includes(status)) counts.wrong += 1
}

/** Tokens of another project, of a session that ended an hour ago, and without a signature. */
async function makeInvalidTokens(emulator: Emulator): Promise<readonly string[]> {
  const foreign = await emulator.world('P2AnotherProject00000000000000').signIn('eve@example.test')
  const ended = await emulator.signIn('eve@example.test')
  emulator.clock.advance(60 * 60_000)
  const [, payload] = ended.sessionJwt.split('.')
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
  return [foreign.sessionJwt, ended.sessionJwt, unsigned]
}

/** The same token with one character of its signature changed. */
function forged(jwt: string): string {
  const at = jwt.length - 20
  return jwt.slice(0, at) + (jwt[at] === 'A' ? 'B' : 'A') + jwt.slice(at + 1)
}
