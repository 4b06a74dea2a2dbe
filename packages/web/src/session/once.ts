import type { SessionTokens } from '@linkpass/core'
import { hashRandom, randomToken } from '@linkpass/core/internal'
import { type KeptTokens, Unsaved } from '../attempt/hashed-entries.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import type { Decision } from '../failure.ts'
import { type RedeemedEvent, redeemed } from '../report.ts'
import {
  type Expected,
  type SignInDecision,
  acceptSignIn,
  readinessFailure,
  validateTokens,
} from './accept-sign-in.ts'

/** Tokens that are not checked yet, or why there are none. */
export type TokensDecision = Decision<{ readonly tokens: SessionTokens }>

/** What is to be accepted once. */
export interface Acceptance extends Expected {
  readonly kind: 'verified' | 'completed' | 'stepped-up'
  /** Known to one browser alone. A request with this secret gets the session. */
  readonly secret: string
  /** Redeems what can be redeemed only once. */
  readonly obtain: () => Promise<TokensDecision>
}

const inTurn = createOnce<SignInDecision>()

/**
 * Decides on a sign-in, once for all requests with the same secret: a double click, in one tab or two, is
 * one verification and one `onSignIn`. The outcome is in the store for a minute after, but not that of a
 * sign-in that the app refused.
 */
export async function acceptOnce(
  context: RouteContext,
  { kind, secret, obtain, ...expected }: Acceptance,
): Promise<SignInDecision> {
  const outage = await readinessFailure(context)
  if (outage !== undefined) return { ok: false, failure: outage }
  const { entries } = context
  let unchecked: KeptTokens | undefined
  return inTurn(context, {
    name: `${kind} ${secret}`,
    find: async () => {
      const found = await entries.findTokens(kind, secret).catch(() => undefined)
      if (found?.isUnchecked === false) return validateTokens(context, found.tokens)
      unchecked = found
      return undefined
    },
    work: async () => {
      const obtained = await (unchecked ? take(context, unchecked) : obtain())
      if (!obtained.ok) return obtained
      const decision = await acceptSignIn(context, obtained.tokens, expected)
      const outcome = decision.ok ? 'accepted' : decision.failure.kind
      const { purpose = 'sign-in' } = expected
      redeemed.publish({ purpose, outcome } satisfies RedeemedEvent)
      if (!decision.ok && decision.failure.kind === 'unavailable') {
        // Nothing could check the tokens, and no hook ran yet. A repeat goes on from here.
        await entries.keepUnchecked(kind, secret, obtained.tokens).catch(() => {})
      }
      return decision
    },
    keep: async (decision) =>
      decision.ok && entries.keepTokens(kind, secret, decision.signIn.received),
  })
}

/** Takes tokens that can be checked by now out of the store, so that `onSignIn` runs once for them. */
async function take(context: RouteContext, { tokens, take }: KeptTokens): Promise<TokensDecision> {
  const decision = await validateTokens(context, tokens)
  if (!decision.ok) return decision
  return (await take().catch(() => false)) ? { ok: true, tokens } : busy
}

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

/**
 * Makes a function that does work once for all requests with the same name. On one instance, the second
 * request joins the first. On several, one takes a lock, and the others wait for the outcome that it keeps,
 * or for their turn. After the deadline of a call they get `unavailable`. An unavailable store decides
 * nothing, so that it keeps no one from a sign-in; the outcome is then held for a minute, and kept once the
 * store is back.
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

/** What one instance does just now, by name, and the owner of its locks. */
interface Instance<Done> {
  readonly underWay: Map<string, Promise<Done | typeof busy>>
  readonly unsaved: Unsaved<Done>
  readonly owner: string
}

function newInstance<Done>({ client, closing }: AuthContext): Instance<Done> {
  const unsaved = new Unsaved<Done>(client.settings.clock, closing.signal)
  return { underWay: new Map(), unsaved, owner: randomToken() }
}

/** The failure of a request that had to wait for too long. */
const busy = { ok: false, failure: { kind: 'unavailable', retryAfterSeconds: 1 } } as const

const shortestPauseMs = 25
const longestPauseMs = 400
/** A lock ends before the outcome that was kept under it, so no request waits for one without the other. */
const longestLockMs = 60_000

async function takeTurn<Done extends Decision>(
  context: AuthContext,
  { owner, unsaved }: Instance<Done>,
  work: OneTimeWork<Done>,
): Promise<Done | typeof busy> {
  const held = unsaved.get(work.name)
  if (held !== undefined) return held
  const { client, store } = context
  const { clock, timeoutMs } = client.settings
  const key = `lock:${hashRandom(work.name)}`
  const lockMs = Math.min(timeoutMs, longestLockMs)
  const endsAt = clock.monotonic() + timeoutMs
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const holder = await store.setIfAbsent(key, owner, lockMs).catch(() => undefined)
    // Looked for once the lock is held: its last holder keeps the outcome before it lets go.
    const found = await work.find()
    if (found !== undefined) return found
    if (holder === undefined) return underLock(context, { key, owner, lockMs, unsaved }, work)
    const leftMs = endsAt - clock.monotonic()
    if (leftMs <= 0) return busy
    await clock.sleep(Math.min(pauseMs, leftMs))
  }
}

interface Lock<Done> extends Pick<Instance<Done>, 'owner' | 'unsaved'> {
  readonly key: string
  readonly lockMs: number
}

/** How long an outcome is held that the store does not take: as long as one that it has taken. */
const heldMs = 60_000

async function underLock<Done extends Decision>(
  { client, store }: AuthContext,
  { key, owner, lockMs, unsaved }: Lock<Done>,
  { name, work, keep }: OneTimeWork<Done>,
): Promise<Done> {
  const { clock } = client.settings
  const stop = new AbortController()
  // A hook of the app may take longer than the lock lasts.
  const extend = async (): Promise<void> => {
    let isOwn = true
    while (isOwn) {
      await clock.sleep(lockMs / 2, stop.signal)
      isOwn = await store.replaceIf(key, owner, owner, lockMs).catch(() => true)
    }
  }
  extend().catch(() => {})
  let isKept = false
  try {
    const done = await work()
    if (done.ok) isKept = await unsaved.save(name, done, clock.now() + heldMs, () => keep(done))
    return done
  } finally {
    stop.abort()
    // Where the outcome is kept, it is found before the lock matters.
    if (!isKept) await store.deleteIf(key, owner).catch(() => false)
  }
}
