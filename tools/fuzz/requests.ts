/**
 * The half through HTTP: requests of all kinds go to real apps on a real emulator, and each response
 * is compared with what its request allowed.
 */
import { type Clock, memoryStore, systemClock } from '@linkpass/core'
import { atLeast, exactly, measuredAtMost, none } from '../soak/finding.ts'
import { runConcurrently } from '../soak/concurrency.ts'
import { liveHeapMb } from '../soak/heap.ts'
import { type FuzzedApp, type Service, startFuzzedApp } from './app.ts'
import { chanceFrom } from './chance.ts'
import { type Allowed, allowedBy } from './allowed.ts'
import { type LogRecorder, recordLogs } from './log-recorder.ts'
import { type FuzzedRequest, fuzzedRequest } from './fuzzed-request.ts'
import { checkResponse, placeOf, type Verdict } from './check-response.ts'
import { createWire, type Wire } from './raw-http.ts'
import { createNotes, type Notes, type Share, type Tally } from './tally.ts'
import { createCredentialPool, type CredentialPool } from './credential-pool.ts'

/** How many requests are sent before the pool is refilled. */
const batch = 250
const atOnce = 4
/** Longer than the lifetime of a session in the emulator. */
const expireMs = 11 * 60_000

interface AppUnderTest {
  readonly app: FuzzedApp
  readonly wire: Wire
}

/** Runs this half. */
export async function fuzzRequests(service: Service, share: Share): Promise<Tally> {
  const { count, first, endsAt, onProgress } = share
  const notes = createNotes()
  const clock = createQuickClock()
  const secrets = new Set<string>()
  using logs = recordLogs((text) => secrets.has(text))
  const errors: unknown[] = []
  const store = memoryStore({ clock })
  const parts = {
    clock,
    store,
    logger: logs.logger,
    onError: (error: unknown) => errors.push(error),
  }
  await using app4 = await startFuzzedApp(service, { version: 4, ...parts })
  // Two instances of one app: cookies that one sealed are valid on the other.
  const shared = { version: 5, ...parts, appUrl: app4.origin } as const
  await using app5 = await startFuzzedApp(service, shared)
  const apps = [app4, app5].map((app) => ({ app, wire: createWire(app.port) }))

  const pool = createCredentialPool(app4, service, secrets, () => clock.now())
  await pool.refill()
  await expire(service, clock)
  pool.dropLinks()
  await pool.refill()
  const heapBefore = liveHeapMb()
  const run: Run = { share, apps, pool, notes }
  let done = 0
  while (done < count && Date.now() < endsAt) {
    const size = Math.min(batch, count - done)
    const start = first + done
    const sent = runConcurrently(size, atOnce, (index) => sendOne(run, start + index))
    await Promise.all([sent, pool.refill()])
    done += size
    onProgress?.(done)
  }
  const grownMb = liveHeapMb() - heapBefore
  for (const { wire } of apps) wire.close()
  return verdicts(run, done, logs, errors, grownMb)
}

interface Run {
  readonly share: Share
  readonly apps: readonly AppUnderTest[]
  readonly pool: CredentialPool
  readonly notes: Notes
}

async function sendOne({ share, apps, pool, notes }: Run, input: number): Promise<void> {
  const chance = chanceFrom(share.seed, input)
  const { app, wire } = chance.pick(apps)
  const { origin } = app
  const request = fuzzedRequest(chance, { origin, pool })
  const allowed = allowedBy(request, origin, pool)
  if (allowed.link !== undefined) useUp(request, pool)
  const exchange = await wire.send(request.bytes, request.framing, request.method === 'HEAD')
  const verdict = checkResponse(request, allowed, exchange, { pool, origin })
  if (verdict.violations.length > 0) {
    const ended = request.cookies.map(([, value]) => pool.ended.get(value)).filter(isNumber)
    const after = ended.length > 0 ? ` · after input ${ended.join(', ')} logged it out` : ''
    const sent = request.bytes.toString('latin1').slice(0, 4000)
    const result = JSON.stringify(exchange.responses).slice(0, 1500)
    notes.violate(input, `${verdict.violations.join(' · ')}${after}\n${sent}\n→ ${result}`)
  }
  if (isPolluted()) notes.violate(input, 'Object.prototype was changed')
  record({ input, request, allowed, verdict, status: exchange.responses[0]?.status }, pool)
  const status = exchange.responses[0]?.status ?? 'no response'
  notes.outcome(verdict.signedIn === undefined ? String(status) : `${status}, signed in`)
  if (!waitsByDesign(request))
    notes.took(exchange.ms, `${request.method} ${request.mount}${request.route}, input ${input}`)
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined
}

function useUp({ link }: FuzzedRequest, pool: CredentialPool): void {
  const index = pool.links.findIndex((known) => known === link)
  if (index !== -1) pool.links.splice(index, 1)
}

/** An input and its result. */
interface Result {
  readonly input: number
  readonly request: FuzzedRequest
  readonly allowed: Allowed
  readonly verdict: Verdict
  readonly status: number | undefined
}

/** Records what a response has ended: a link that was redeemed, a session that was logged out. */
function record(result: Result, pool: CredentialPool): void {
  const { input, request, allowed, verdict, status } = result
  const { link } = request
  const isRedeemed = allowed.link !== undefined && verdict.given === allowed.link
  // Otherwise the session may be a refreshed one of the same user.
  if (link !== undefined && isRedeemed && allowed.refreshed === undefined)
    pool.used.push(link.token)
  if (!placeOf(request.target).route.startsWith('/logout')) return
  const [token, ...others] = request.cookies.filter(([name]) => name === 'DSR')
  const hasEnded = (status === 204 || status === 303) && others.length === 0
  if (hasEnded && token !== undefined && pool.refreshes.has(token[1]))
    pool.recordLogout(token[1], input)
}

// The waiting page and the long poll delay their response until something changes.
function waitsByDesign({ route, framing }: FuzzedRequest): boolean {
  return framing !== 'complete' || route === '/waiting' || route === '/enchanted-link/status'
}

const ownNames = Object.getOwnPropertyNames(Object.prototype).length

function isPolluted(): boolean {
  return Object.getOwnPropertyNames(Object.prototype).length !== ownNames
}

function verdicts(
  { share, notes, pool }: Run,
  done: number,
  logs: LogRecorder,
  errors: unknown[],
  grownMb: number,
): Tally {
  const next = share.first + done
  for (const what of [...logs.noise, ...errors]) {
    notes.violate(next, what instanceof Error ? (what.stack ?? what.message) : String(what))
  }
  for (const what of logs.leaks) notes.violate(next, `in a log message: ${what}`)
  const { outcomes, violations } = notes.tally()
  const accepted = outcomes.filter(([name]) => name.endsWith('signed in'))
  const signedIn = accepted.reduce((sum, [, times]) => sum + times, 0)
  return {
    outcomes,
    violations,
    findings: [
      exactly('requests sent', done, share.count),
      none('wrong responses', notes.violationCount),
      none(
        'unhandled rejections, exceptions, warnings and errors for 500',
        logs.noise.length + errors.length,
      ),
      none(`of ${logs.count()} log messages with a secret`, logs.leaks.length),
      // Without these, the other figures would mean nothing.
      atLeast('sessions accepted', signedIn, Math.floor(done / 50)),
      atLeast(
        'links redeemed and sessions ended',
        pool.used.length + pool.ended.size,
        done < 1000 ? 0 : 2,
      ),
      measuredAtMost('responses after more than 100 ms', notes.slowCount, 0),
      measuredAtMost(`ms for the slowest (${notes.slowest})`, notes.slowestMs, 100),
      measuredAtMost('MB of heap more than at the start', grownMb, 32),
    ],
  }
}

/** How long the waiting page and the long poll delay their response. */
const responseDelaysMs: readonly number[] = [300, 25_000]

/** A clock on which these delays take a hundredth of the time, and which can be moved forward. */
function createQuickClock(): Clock & { advance(ms: number): void } {
  let ahead = 0
  return {
    now: () => systemClock.now() + ahead,
    monotonic: () => systemClock.monotonic() + ahead,
    sleep: (ms, signal) => systemClock.sleep(responseDelaysMs.includes(ms) ? ms / 100 : ms, signal),
    advance: (ms) => {
      ahead += ms
    },
  }
}

/** Moves time forward until all sessions have expired, for the service and for the apps. */
async function expire(service: Service, clock: { advance(ms: number): void }): Promise<void> {
  clock.advance(expireMs)
  await fetch(`${service.url}/_emulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advanceSeconds: expireMs / 1000 }),
  })
}
