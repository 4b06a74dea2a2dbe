/**
 * The half through HTTP: requests of every make are sent to real apps on a real emulator, and each
 * answer is held against what the request had earned.
 */
import { type Clock, memoryStore, systemClock } from '@linkpass/core'
import { atLeast, exactly, measuredAtMost, none } from '../soak/finding.ts'
import { inCrowd } from '../soak/crowd.ts'
import { liveHeapMb } from '../soak/heap.ts'
import { type FuzzedApp, type Service, startFuzzedApp } from './app.ts'
import { chanceFrom } from './chance.ts'
import { type Earned, earnedBy } from './earned.ts'
import { type Eavesdropper, eavesdrop } from './eavesdropper.ts'
import { type FuzzedRequest, fuzzedRequest } from './fuzzed-request.ts'
import { judge, placeOf, type Verdict } from './judge.ts'
import { createWire, type Wire } from './raw-http.ts'
import { createNotes, type Notes, type Share, type Tally } from './tally.ts'
import { createVault, type Vault } from './vault.ts'

/** So many are sent before what they used up is brought again. */
const batch = 250
const atOnce = 4
/** Longer than a session of the emulator lives. */
const lapseMs = 11 * 60_000

interface Lane {
  readonly app: FuzzedApp
  readonly wire: Wire
}

/** Runs it. */
export async function fuzzRequests(service: Service, share: Share): Promise<Tally> {
  const { count, first, endsAt, onProgress } = share
  const notes = createNotes()
  const clock = createQuickClock()
  const secrets = new Set<string>()
  using heard = eavesdrop((text) => secrets.has(text))
  const errors: unknown[] = []
  const store = memoryStore({ clock })
  const parts = {
    clock,
    store,
    logger: heard.logger,
    onError: (error: unknown) => errors.push(error),
  }
  await using app4 = await startFuzzedApp(service, { version: 4, ...parts })
  await using app5 = await startFuzzedApp(service, { version: 5, ...parts })
  const lanes = [app4, app5].map((app) => ({ app, wire: createWire(app.port) }))

  const vault = createVault(app5, service, secrets, () => clock.now())
  await vault.refill()
  await lapse(service, clock)
  vault.forgetLinks()
  await vault.refill()
  const heapBefore = liveHeapMb()
  const run: Run = { share, lanes, vault, notes }
  let done = 0
  while (done < count && Date.now() < endsAt) {
    const size = Math.min(batch, count - done)
    const start = first + done
    const sent = inCrowd(size, atOnce, (index) => throwOne(run, start + index))
    await Promise.all([sent, vault.refill()])
    done += size
    onProgress?.(done)
  }
  const grownMb = liveHeapMb() - heapBefore
  for (const { wire } of lanes) wire.close()
  return verdicts(run, done, heard, errors, grownMb)
}

interface Run {
  readonly share: Share
  readonly lanes: readonly Lane[]
  readonly vault: Vault
  readonly notes: Notes
}

async function throwOne({ share, lanes, vault, notes }: Run, input: number): Promise<void> {
  const chance = chanceFrom(share.seed, input)
  const { app, wire } = chance.pick(lanes)
  const { origin } = app
  const request = fuzzedRequest(chance, { origin, vault })
  const earned = earnedBy(request, origin, vault)
  if (earned.link !== undefined) useUp(request, vault)
  const exchange = await wire.send(request.bytes, request.framing, request.method === 'HEAD')
  const verdict = judge(request, earned, exchange, { vault, origin })
  if (verdict.complaints.length > 0) {
    const ended = request.cookies.map(([, value]) => vault.ended.get(value)).filter(isNumber)
    const after = ended.length > 0 ? ` · after input ${ended.join(', ')} logged it out` : ''
    const sent = request.bytes.toString('latin1').slice(0, 4000)
    const came = JSON.stringify(exchange.answers).slice(0, 1500)
    notes.complain(input, `${verdict.complaints.join(' · ')}${after}\n${sent}\n→ ${came}`)
  }
  if (isPolluted()) notes.complain(input, 'Object.prototype was changed')
  learn({ input, request, earned, verdict, status: exchange.answers[0]?.status }, vault)
  const status = exchange.answers[0]?.status ?? 'no answer'
  notes.outcome(verdict.signedIn === undefined ? String(status) : `${status}, signed in`)
  if (!waitsByDesign(request))
    notes.took(exchange.ms, `${request.method} ${request.mount}${request.route}, input ${input}`)
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined
}

function useUp({ link }: FuzzedRequest, vault: Vault): void {
  const index = vault.links.findIndex((known) => known === link)
  if (index !== -1) vault.links.splice(index, 1)
}

/** What came of an input. */
interface Came {
  readonly input: number
  readonly request: FuzzedRequest
  readonly earned: Earned
  readonly verdict: Verdict
  readonly status: number | undefined
}

/** What is over because of an answer: a link that was opened, a session that was ended. */
function learn(came: Came, vault: Vault): void {
  const { input, request, earned, verdict, status } = came
  const { link } = request
  const isOpened = earned.link !== undefined && verdict.given === earned.link
  // The session may as well have been a refreshed one of the same person.
  if (link !== undefined && isOpened && earned.refreshed === undefined) vault.spent.push(link.token)
  if (!placeOf(request.target).route.startsWith('/logout')) return
  const [token, ...others] = request.cookies.filter(([name]) => name === 'DSR')
  const isOver = (status === 204 || status === 303) && others.length === 0
  if (isOver && token !== undefined && vault.refreshes.has(token[1])) vault.logOut(token[1], input)
}

// The waiting page and the long poll hold an answer back for news.
function waitsByDesign({ route, framing }: FuzzedRequest): boolean {
  return framing !== 'whole' || route === '/waiting' || route === '/enchanted-link/status'
}

const ownNames = Object.getOwnPropertyNames(Object.prototype).length

function isPolluted(): boolean {
  return Object.getOwnPropertyNames(Object.prototype).length !== ownNames
}

function verdicts(
  { share, notes, vault }: Run,
  done: number,
  heard: Eavesdropper,
  errors: unknown[],
  grownMb: number,
): Tally {
  const next = share.first + done
  for (const what of [...heard.noise, ...errors]) {
    notes.complain(next, what instanceof Error ? (what.stack ?? what.message) : String(what))
  }
  for (const what of heard.leaks) notes.complain(next, `told to the log: ${what}`)
  const { outcomes, complaints } = notes.tally()
  const honoured = outcomes.filter(([name]) => name.endsWith('signed in'))
  const signedIn = honoured.reduce((sum, [, times]) => sum + times, 0)
  return {
    outcomes,
    complaints,
    findings: [
      exactly('requests sent', done, share.count),
      none('of them answered as they must not be', notes.complaintCount),
      none(
        'unhandled rejections, exceptions, warnings and errors for 500',
        heard.noise.length + errors.length,
      ),
      none(`of ${heard.heard()} messages to the log with a secret`, heard.leaks.length),
      // Otherwise the rest would say nothing.
      atLeast('sessions honoured', signedIn, Math.floor(done / 50)),
      atLeast(
        'links opened and sessions ended',
        vault.spent.length + vault.ended.size,
        done < 1000 ? 0 : 2,
      ),
      measuredAtMost('answers after more than 100 ms', notes.slowCount, 0),
      measuredAtMost(`ms for the slowest (${notes.slowest})`, notes.slowestMs, 100),
      measuredAtMost('MB of heap more than at the start', grownMb, 32),
    ],
  }
}

/** What the waiting page and the long poll hold an answer back for. */
const visitorsWaits: readonly number[] = [300, 25_000]

/** A clock on which visitors wait a hundredth of the time, and which can be set on. */
function createQuickClock(): Clock & { advance(ms: number): void } {
  let ahead = 0
  return {
    now: () => systemClock.now() + ahead,
    monotonic: () => systemClock.monotonic() + ahead,
    sleep: (ms, signal) => systemClock.sleep(visitorsWaits.includes(ms) ? ms / 100 : ms, signal),
    advance: (ms) => {
      ahead += ms
    },
  }
}

/** Lets the sessions there are expire, for the service and for the apps. */
async function lapse(service: Service, clock: { advance(ms: number): void }): Promise<void> {
  clock.advance(lapseMs)
  await fetch(`${service.url}/_emulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advanceSeconds: lapseMs / 1000 }),
  })
}
