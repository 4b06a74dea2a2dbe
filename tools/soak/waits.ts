/**
 * A thousand screens wait for their enchanted links while the service cuts, refuses and delays
 * their polls. Each wait ends as it must, and none leaves a timer or a socket behind.
 */
import { createDescopeClient, type DescopeClient, unwrap } from '@linkpass/core'
import { type Emulator, type FaultSpec, startEmulator } from '@linkpass/emulator'
import { activeResources, leftSince } from './active-resources.ts'
import { inCrowd, turnUntil } from './crowd.ts'
import { atLeast, type Finding, none } from './finding.ts'
import { dealFrom, randomFrom } from './random.ts'
import { createStandingClock } from './standing-clock.ts'

export interface WaitsOptions {
  readonly count: number
  readonly seed: number
}

/** How waits are to end, and what each must bring then. */
const endings = [
  { by: 'approval', brings: 'a session' },
  { by: 'abort', brings: 'ERR_ABORTED' },
  { by: 'close', brings: 'ERR_CLOSED' },
  { by: 'expiry', brings: 'ERR_SERVICE_REFUSED' },
  { by: 'deadline', brings: 'ERR_TIMEOUT' },
] as const
type Ending = (typeof endings)[number]

// Seconds on the waits' clock. Deadlines pass before the first 429, which would end those waits
// with its own code; no fault comes after the approval, because a session is handed out once. The
// links expire on the emulator's clock, which real time adds to, before a wait gives up by itself.
const deadlineSeconds = 5
const abortAt = 3
const closeAt = 5
const approveAt = 13
const linkLifetimeSeconds = 480

const pollPath = '/v1/auth/enchantedlink/pending-session'
const faults: readonly FaultSpec[] = [
  { drop: 'before' },
  { drop: 'after' },
  { status: 500 },
  { delayMs: 20 },
  { status: 503 },
  { drop: 'before' },
  { status: 429, retryAfterSeconds: 2 },
]

/** Runs it. */
export async function waits({ count, seed }: WaitsOptions): Promise<readonly Finding[]> {
  const before = activeResources()
  const { endedWrong, faultsHit } = await waitForAll(count, seed)
  return [
    none(`of ${count} waits ended otherwise than they must`, endedWrong),
    none('timers and sockets left', await leftSince(before)),
    atLeast('polls hit by a fault', faultsHit, count / 2),
  ]
}

interface Wait {
  readonly ending: Ending
  /** The token of its right link. */
  readonly token: string
  readonly brought: Promise<string>
}

async function waitForAll(
  count: number,
  seed: number,
): Promise<{ endedWrong: number; faultsHit: number }> {
  await using emulator = await startEmulator({ linkLifetimeSeconds })
  const clock = createStandingClock()
  const options = { projectId: emulator.projectId, baseUrl: emulator.url, clock }
  await using client = createDescopeClient(options)
  await using closing = createDescopeClient(options)
  const abort = new AbortController()
  const deal = dealFrom(endings, randomFrom(seed))
  const all: Wait[] = []
  const underWay = new Set<number>()

  await inCrowd(count, 16, async (index) => {
    const ending = deal()
    const caller = ending.by === 'close' ? closing : client
    const { pendingRef, token } = await startLink(emulator, caller, `person-${index}@example.test`)
    underWay.add(index)
    const wait = caller.enchantedLink.waitForSession(pendingRef, {
      ...(ending.by === 'abort' && { signal: abort.signal }),
      ...(ending.by === 'deadline' && { timeoutMs: deadlineSeconds * 1000 }),
    })
    const brought = wait.then((result) => {
      underWay.delete(index)
      return result.ok ? 'a session' : result.error.code
    })
    all.push({ ending, token, brought })
  })

  let faultsHit = 0
  for (let second = 0; underWay.size > 0; second += 1) {
    await turnUntil(() => clock.asleep() >= underWay.size)
    const hit = armFault(emulator, second, Math.ceil(count / 10))
    // Once all is decided, what is left has to fetch a session or to see its link expire.
    const stepMs = second <= approveAt ? 1000 : 60_000
    emulator.clock.advance(stepMs)
    clock.advance(stepMs)
    // A turn, so that what follows comes while polls are under way.
    await new Promise((resolve) => setImmediate(resolve))
    if (second === abortAt) abort.abort()
    if (second === closeAt) void closing.close()
    if (second === approveAt) await approve(client, all)
    await turnUntil(() => clock.asleep() >= underWay.size)
    faultsHit += hit()
  }

  const brought = await Promise.all(all.map((wait) => wait.brought))
  const endedWrong = all.filter(({ ending }, index) => brought[index] !== ending.brings).length
  return { endedWrong, faultsHit }
}

async function startLink(
  emulator: Emulator,
  client: DescopeClient,
  address: string,
): Promise<{ pendingRef: string; token: string }> {
  const { pendingRef, linkId } = unwrap(await client.enchantedLink.signUpOrIn(address))
  const [mail] = emulator.inbox.list({ to: address })
  const right = mail?.links.find(({ number }) => number === linkId)
  return { pendingRef, token: right?.token ?? '' }
}

/** Arms this second's fault, if it has one; returns how to ask, once, how many polls it hit. */
function armFault(emulator: Emulator, second: number, times: number): () => number {
  const spec = second <= approveAt ? faults[second % faults.length] : undefined
  if (spec === undefined) return () => 0
  const { id } = emulator.faults.add({ ...spec, path: pollPath, times })
  return () => {
    const { remaining = 0 } = emulator.faults.list().find((fault) => fault.id === id) ?? {}
    emulator.faults.remove(id)
    return times - Number(remaining)
  }
}

async function approve(client: DescopeClient, all: readonly Wait[]): Promise<void> {
  const approved = all.filter(({ ending }) => ending.by === 'approval')
  await inCrowd(approved.length, 16, async (index) => {
    unwrap(await client.enchantedLink.verify(approved[index]?.token ?? ''))
  })
}
