import { Unsaved, hashRandom, keepLock, randomToken } from '@linkpass/core/internal'
import type { AuthContext } from '../context.ts'
import type { Decision } from '../failure.ts'

/** Work that is done once, and where its outcome is kept. */
interface OneTimeWork<Done extends Decision> {
  /** The same for each request that gets the outcome. The store has a hash of it. */
  readonly name: string
  /** The outcome, if it was kept: then there is nothing to do. An unavailable store has none. */
  readonly find: () => Promise<Done | undefined>
  readonly work: () => Promise<Done>
  /** Keeps the outcome for the requests that come later. Of a failure nothing is kept. */
  readonly keep: (done: Done) => Promise<unknown>
}

/** What one instance does just now, by name, and the owner of its locks. */
interface Instance<Done> {
  readonly underWay: Map<string, Promise<Done | typeof busy>>
  readonly unsaved: Unsaved<Done>
  readonly owner: string
}

/** The failure of a request that had to wait for too long. */
export const busy = { ok: false, failure: { kind: 'unavailable', retryAfterSeconds: 1 } } as const

const shortestPauseMs = 25
const longestPauseMs = 400
/** A lock ends before the outcome that was kept under it, so no request waits for one without the other. */
const longestLockMs = 60_000
/** How long an outcome is held that the store does not take: as long as one that it has taken. */
const heldMs = 60_000

/**
 * Makes a function that does work once for all requests with the same name. On one instance, a second request
 * joins the first. Of several, one takes a lock, and the others wait for the outcome that it keeps, or for their
 * turn, until the deadline of a call. An unavailable store keeps no one from a sign-in; the outcome is then held,
 * and kept once the store is back.
 */
export function createOnce<Done extends Decision>() {
  const instances = new WeakMap<object, Instance<Done>>()
  return (context: AuthContext, work: OneTimeWork<Done>): Promise<Done | typeof busy> => {
    const instance = instances.get(context.site) ?? newInstance(context)
    instances.set(context.site, instance)
    const { underWay } = instance
    const done =
      underWay.get(work.name) ??
      takeTurn(context, instance, work).finally(() => underWay.delete(work.name))
    underWay.set(work.name, done)
    return done
  }
}

function newInstance<Done>({ client, closing }: AuthContext): Instance<Done> {
  const unsaved = new Unsaved<Done>(client.settings.clock, closing.signal)
  return { underWay: new Map(), unsaved, owner: randomToken() }
}

async function takeTurn<Done extends Decision>(
  context: AuthContext,
  instance: Instance<Done>,
  work: OneTimeWork<Done>,
): Promise<Done | typeof busy> {
  const held = instance.unsaved.get(work.name)
  if (held !== undefined) return held
  const { client, store } = context
  const { clock, timeoutMs } = client.settings
  const key = `lock:${hashRandom(work.name)}`
  const lockMs = Math.min(timeoutMs, longestLockMs)
  const endsAt = clock.monotonic() + timeoutMs
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const holder = await store.setIfAbsent(key, instance.owner, lockMs).catch(() => undefined)
    // Looked for once the lock is held: its last holder keeps the outcome before it lets go.
    const found = await work.find()
    if (found !== undefined) return found
    if (holder === undefined) return underLock(context, instance, work, key, lockMs)
    const leftMs = endsAt - clock.monotonic()
    if (leftMs <= 0) return busy
    await clock.sleep(Math.min(pauseMs, leftMs))
  }
}

async function underLock<Done extends Decision>(
  { client, store }: AuthContext,
  { owner, unsaved }: Instance<Done>,
  { name, work, keep }: OneTimeWork<Done>,
  key: string,
  lockMs: number,
): Promise<Done> {
  const { clock } = client.settings
  // A hook of the app may take longer than the lock lasts.
  const stop = keepLock({ store, clock, lockMs }, key, owner, lockMs / 2)
  let isKept = false
  try {
    const done = await work()
    if (done.ok) isKept = await unsaved.save(name, done, clock.now() + heldMs, () => keep(done))
    return done
  } finally {
    stop()
    // Where the outcome is kept, it is found before the lock matters.
    if (!isKept) await store.deleteIf(key, owner).catch(() => false)
  }
}
