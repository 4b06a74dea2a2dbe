/**
 * A thousand browsers wait for their enchanted links while the service cuts, refuses and delays
 * their polls. Each wait ends as it must, and leaves no timer or socket.
 */
import { createDescopeClient, type DescopeClient, unwrap } from '@linkpass/core'
import { type Emulator, type FaultSpec, startEmulator } from '@linkpass/emulator'
import { activeResources, leftSince } from './active-resources.ts'
import { runConcurrently, runLoopUntil } from './concurrency.ts'
import { atLeast, type Finding, none } from './finding.ts'
import { createTestClock, seededRandom } from '@linkpass/testing'
import { drawFrom } from './random.ts'

export interface WaitsOptions {
  readonly count: number
  readonly seed: number
}

/** How a wait ends, and what it must return then. */
const endings = [
  { by: 'approval', returns: 'a session' },
  { by: 'abort', returns: 'ERR_ABORTED' },
  { by: 'close', returns: 'ERR_CLOSED' },
  { by: 'expiry', returns: 'ERR_SERVICE_REFUSED' },
  { by: 'deadline', returns: 'ERR_TIMEOUT' },
] as const
type Ending = (typeof endings)[number]

// Seconds on the clock of the waits. Deadlines pass before the first 429, which would end those waits
// with its own code. No fault comes after the approval, because a session is handed out once. The
// links expire on the emulator's clock, which real time adds to, before a wait ends by itself.
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

/** Runs the scenario. */
export async function waits({ count, seed }: WaitsOptions): Promise<readonly Finding[]> {
  const before = activeResources()
  const { endedWrong, faultsHit } = await waitForAll(count, seed)
  return [
    none(`of ${count} waits ended in another way than they must`, endedWrong),
    none('timers and sockets left', await leftSince(before)),
    atLeast('polls hit by a fault', faultsHit, count / 2),
  ]
}

interface Wait {
  readonly ending: Ending
  /** The token of the link with the right number. */
  readonly token: string
  readonly returned: Promise<string>
}

async function waitForAll(
  count: number,
  seed: number,
): Promise<{ endedWrong: number; faultsHit: number }> {
  await using emulator = await startEmulator({ linkLifetimeSeconds })
  const clock = createTestClock()
  // Tokens of the emulator are of its time, which begins now.
  clock.jump(Date.now() - clock.now())
  const options = { projectId: emulator.projectId, baseUrl: emulator.url, clock }
  await using client = createDescopeClient(options)
  await using closing = createDescopeClient(options)
  const abort = new AbortController()
  const draw = drawFrom(endings, seededRandom(seed))
  const all: Wait[] = []
  const pending = new Set<number>()

  await runConcurrently(count, 16, async (index) => {
    const ending = draw()
    const caller = ending.by === 'close' ? closing : client
    const { pendingRef, token } = await startLink(emulator, caller, `user-${index}@example.test`)
    pending.add(index)
    const wait = caller.enchantedLink.waitForSession(pendingRef, {
      ...(ending.by === 'abort' && { signal: abort.signal }),
      ...(ending.by === 'deadline' && { timeoutMs: deadlineSeconds * 1000 }),
    })
    const returned = wait.then((result) => {
      pending.delete(index)
      return result.ok ? 'a session' : result.error.code
    })
    all.push({ ending, token, returned })
  })

  let faultsHit = 0
  for (let second = 0; pending.size > 0; second += 1) {
    await runLoopUntil(() => clock.sleepers >= pending.size)
    const hit = addFault(emulator, second, Math.ceil(count / 10))
    // After the approval, each wait that is left fetches a session or waits for its link to expire.
    const stepMs = second <= approveAt ? 1000 : 60_000
    emulator.clock.advance(stepMs)
    clock.advance(stepMs)
    // One turn of the event loop, so that polls are pending at what follows.
    await new Promise((resolve) => setImmediate(resolve))
    if (second === abortAt) abort.abort()
    if (second === closeAt) void closing.close()
    if (second === approveAt) await approve(client, all)
    await runLoopUntil(() => clock.sleepers >= pending.size)
    faultsHit += hit()
  }

  const returned = await Promise.all(all.map((wait) => wait.returned))
  const endedWrong = all.filter(({ ending }, index) => returned[index] !== ending.returns).length
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

/** Adds the fault of this second, if there is one; returns a function that removes it and counts its hits. */
function addFault(emulator: Emulator, second: number, times: number): () => number {
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
  await runConcurrently(approved.length, 16, async (index) => {
    unwrap(await client.enchantedLink.verify(approved[index]?.token ?? ''))
  })
}
