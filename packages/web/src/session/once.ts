import { hashRandom, randomToken } from '@linkpass/core/internal'
import type { AuthContext } from '../context.ts'
import type { Decision } from '../failure.ts'

/** Work that is done once, and where its outcome is kept. */
export interface OneTimeWork<Done extends Decision> {
  /** The same for each request that gets the outcome. The store has a hash of it. */
  readonly name: string
  /** The outcome, if it was kept: then there is nothing to do. An unavailable store has none. */
  readonly find: () => Promise<Done | undefined>
  readonly work: () => Promise<Done>
  /** Keeps the outcome for the requests that come later; undefined where it is to be kept for none. */
  readonly keep: (done: Done) => Promise<unknown> | undefined
}

/**
 * Makes a function that does work once for all requests with the same name. On one instance, the second
 * request joins the first. On several, one takes a lock, and the others wait for the outcome that it keeps,
 * or for their turn. After the deadline of a call they get `unavailable`. An unavailable store decides
 * nothing, so that it keeps no one from a sign-in.
 */
export function createOnce<Done extends Decision>() {
  const bySite = new WeakMap<object, Map<string, Promise<Done | typeof busy>>>()
  return (context: AuthContext, work: OneTimeWork<Done>): Promise<Done | typeof busy> => {
    const underWay = bySite.get(context.site) ?? new Map<string, Promise<Done | typeof busy>>()
    bySite.set(context.site, underWay)
    const done =
      underWay.get(work.name) ?? inTurn(context, work).finally(() => underWay.delete(work.name))
    underWay.set(work.name, done)
    return done
  }
}

/** The failure of a request that had to wait for too long. */
export const busy = { ok: false, failure: { kind: 'unavailable', retryAfterSeconds: 1 } } as const

const shortestPauseMs = 25
const longestPauseMs = 400
/** A lock ends before the outcome that was kept under it, so no request waits for one without the other. */
const longestLockMs = 60_000

async function inTurn<Done extends Decision>(
  context: AuthContext,
  work: OneTimeWork<Done>,
): Promise<Done | typeof busy> {
  const { client, store } = context
  const { clock, timeoutMs } = client.settings
  const lock = { key: `lock:${hashRandom(work.name)}`, owner: randomToken() }
  const lockMs = Math.min(timeoutMs, longestLockMs)
  const endsAt = clock.monotonic() + timeoutMs
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const holder = await store.setIfAbsent(lock.key, lock.owner, lockMs).catch(() => undefined)
    // Looked for once the lock is held: its last holder keeps the outcome before it lets go.
    const found = await work.find()
    if (found !== undefined) return found
    if (holder === undefined) return underLock(context, { ...lock, lockMs }, work)
    const leftMs = endsAt - clock.monotonic()
    if (leftMs <= 0) return busy
    await clock.sleep(Math.min(pauseMs, leftMs))
  }
}

/** How long a hook of the app holds the lock at most: by then, the link has expired. */
const longestHookMs = 600_000

async function underLock<Done extends Decision>(
  { client, store }: AuthContext,
  { key, owner, lockMs }: { readonly key: string; readonly owner: string; readonly lockMs: number },
  { work, keep }: OneTimeWork<Done>,
): Promise<Done> {
  const { clock } = client.settings
  const endsAt = clock.monotonic() + longestHookMs
  const stop = new AbortController()
  // A hook of the app may take longer than the lock lasts.
  const extend = async (): Promise<void> => {
    let isOwn = true
    while (isOwn && clock.monotonic() < endsAt) {
      await clock.sleep(lockMs / 2, stop.signal)
      isOwn = await store.replaceIf(key, owner, owner, lockMs).catch(() => true)
    }
  }
  extend().catch(() => {})
  let isKept: unknown = false
  try {
    const done = await work()
    isKept = await keep(done)?.then(
      () => true,
      () => false,
    )
    return done
  } finally {
    stop.abort()
    // Where the outcome is kept, it is found before the lock matters.
    if (isKept !== true) await store.deleteIf(key, owner).catch(() => false)
  }
}
