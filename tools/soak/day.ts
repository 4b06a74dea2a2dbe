/**
 * A day of an app, a minute at a step: people read pages all day, keys rotate every six hours, and
 * the service is out of reach for a quarter of an hour every four. Each decision is held against
 * what is known: whose session holds, and what was never signed by a key of the project.
 */
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { activeResources, leftSince } from './active-resources.ts'
import { type App, type Person, startApp } from './app.ts'
import { atLeast, type Finding, measuredAtMost, none } from './finding.ts'
import { liveHeapMb, slopeOf } from './heap.ts'

export interface DayOptions {
  /** How many minutes it has. */
  readonly minutes: number
  readonly people: number
}

const rotateEvery = 6 * 60
const outageEvery = 4 * 60
const outageLasts = 15
/** How long an old key stays published: its sessions are refreshed long before, outages included. */
const graceSeconds = 60 * 60
const strangersEvery = 30
/** The first hours fill what is bounded, and do not count. */
const warmUpHours = 4

/** Runs it. */
export async function day({ minutes, people }: DayOptions): Promise<readonly Finding[]> {
  const before = activeResources()
  const counts = { decisions: 0, wrong: 0, putOff: 0 }
  const heapMb = await liveThrough(minutes, people, counts)
  return [
    none(`of ${counts.decisions} decisions false`, counts.wrong),
    atLeast('put off by an outage', counts.putOff, 1),
    none('timers and sockets left', await leftSince(before)),
    measuredAtMost('MB of heap an hour', slopeOf(heapMb.slice(warmUpHours)), 0.2),
  ]
}

interface Counts {
  decisions: number
  wrong: number
  /** Answered 503, as they must be while the service is out of reach. */
  putOff: number
}

/** Lives through it; resolves to the size of the heap after each hour. */
async function liveThrough(minutes: number, people: number, counts: Counts): Promise<number[]> {
  await using emulator = await startEmulator({ rotateRefreshTokens: true })
  await using app = await startApp(emulator)
  const strangers = await makeStrangers(emulator)
  const everybody = await Promise.all(
    Array.from({ length: people }, (_, index) => app.signedIn(`person-${index}@example.test`)),
  )
  const heapMb: number[] = []

  for (let minute = 1; minute <= minutes; minute += 1) {
    emulator.clock.advance(60_000)
    if (minute % rotateEvery === 0) await emulator.keys.rotate({ graceSeconds })
    const isOut = minute >= outageEvery && minute % outageEvery < outageLasts
    emulator.faults.clear()
    if (isOut) emulator.faults.add({ path: '/*', drop: 'before', times: 'always' })

    await Promise.all(everybody.map((person) => visit(person, isOut, counts)))
    // A key id that nobody knows has the keys fetched: all the time, they would never grow old.
    if (minute % strangersEvery === 0) {
      for (const jwt of strangers) await present(app, jwt, [401, 503], counts)
    }
    const copied = everybody[minute % people]?.browser.cookie('DS')
    if (copied !== undefined) await present(app, forged(copied), [401], counts)
    if (minute % 60 === 0) heapMb.push(liveHeapMb())
  }
  return heapMb
}

/** A page load: let in as themselves, or put off while nobody can say whether they still may be. */
async function visit({ browser, userId }: Person, isOut: boolean, counts: Counts): Promise<void> {
  // A browser drops the cookie when the session expires.
  const holds = browser.cookie('DS') !== undefined
  const { status, body } = await browser.visit('/me')
  const mustWait = isOut && !holds
  const isRight = mustWait ? status === 503 : status === 200 && JSON.parse(body).userId === userId
  counts.decisions += 1
  if (mustWait) counts.putOff += 1
  if (!isRight) counts.wrong += 1
}

/** A request with a token that must not be let in, as a script would send it. */
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

/** Tokens of another project, of a session that ended an hour ago, and of nobody's signature. */
async function makeStrangers(emulator: Emulator): Promise<readonly string[]> {
  const foreign = await emulator.world('P2SomebodyElse0000000000000000').signIn('eve@example.test')
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
