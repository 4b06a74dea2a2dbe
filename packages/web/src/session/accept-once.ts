import type { SessionTokens } from '@linkpass/core'
import { hashRandom, randomToken } from '@linkpass/core/internal'
import {
  type OneTimeResult,
  type OneTimeResults,
  createOneTimeResults,
} from '../attempt/hashed-keys.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import type { Decision } from '../failure.ts'
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

/** What one instance accepts just now, by secret, and the owner of its locks. */
interface Instance {
  readonly underWay: Map<string, Promise<SignInDecision>>
  readonly owner: string
}

const instances = new WeakMap<object, Instance>()

/**
 * Decides on a sign-in, once for all requests with the same secret. A double click, in one tab or two, is
 * one verification and one `onSignIn`. On one instance, the second request joins the first. On several,
 * one takes a lock, and the others wait for its outcome, which is in the store for a minute after.
 */
export async function acceptOnce(
  context: RouteContext,
  acceptance: Acceptance,
): Promise<SignInDecision> {
  const { sealer, site, store } = context
  const instance = instances.get(site) ?? { underWay: new Map(), owner: randomToken() }
  instances.set(site, instance)
  const { underWay, owner } = instance
  const name = `${acceptance.kind} ${acceptance.secret}`
  const known = underWay.get(name)
  if (known !== undefined) return known
  const results = createOneTimeResults(store, sealer, acceptance.kind)
  const work = { acceptance, results, lockKey: `lock:${hashRandom(name)}`, owner }
  const decision = accept(context, work).finally(() => underWay.delete(name))
  underWay.set(name, decision)
  return decision
}

/** One request for a session, and where its outcome is kept. */
interface Work {
  readonly acceptance: Acceptance
  readonly results: OneTimeResults
  /** The key in the store that one instance holds while it redeems. */
  readonly lockKey: string
  readonly owner: string
}

async function accept(context: RouteContext, work: Work): Promise<SignInDecision> {
  const outage = await readinessFailure(context)
  if (outage !== undefined) return { ok: false, failure: outage }
  const turn = await waitForTurn(context, work)
  if (turn === 'busy') return busy
  if (turn !== 'ours' && !turn.isUnchecked) return validateTokens(context, turn.tokens)
  let isKept = false
  const done = new AbortController()
  // Rejects once it is done.
  extendLock(context, work, done.signal).catch(() => {})
  try {
    const { acceptance, results } = work
    const { kind: _, secret, obtain, ...expected } = acceptance
    const obtained = turn === 'ours' ? await obtain() : await takeUnchecked(context, work, turn)
    if (!obtained.ok) return obtained
    const { tokens } = obtained
    const decision = await acceptSignIn(context, tokens, expected)
    if (!decision.ok && decision.failure.kind === 'unavailable') {
      // Nothing could check the tokens, and no hook ran yet. A repeat goes on from here.
      await settled(results.keepUnchecked(secret, tokens))
    }
    // A sign-in that the app refused is not kept. Without a store, a second request finds a used link.
    isKept = decision.ok && (await settled(results.keep(secret, tokens)))
    return decision
  } finally {
    done.abort()
    // Where the outcome is kept, it is found before the lock matters.
    if (!isKept) await context.store.deleteIf(work.lockKey, work.owner).catch(() => false)
  }
}

/** How long `onSignIn` holds the lock at most: by then, the link has expired. */
const longestHookMs = 600_000

/** Extends the lock: `onSignIn` may take longer than it lasts. */
async function extendLock(
  { client, store }: AuthContext,
  { lockKey, owner }: Work,
  done: AbortSignal,
): Promise<void> {
  const { clock, timeoutMs } = client.settings
  const lockMs = lockMsOf(timeoutMs)
  const endsAt = clock.monotonic() + longestHookMs
  let isOwn = true
  while (isOwn && clock.monotonic() < endsAt) {
    await clock.sleep(lockMs / 2, done)
    isOwn = await store.replaceIf(lockKey, owner, owner, lockMs).catch(() => true)
  }
}

const busy = { ok: false, failure: { kind: 'unavailable', retryAfterSeconds: 1 } } as const

/** Takes tokens that can be checked by now out of the store, so that `onSignIn` runs once for them. */
async function takeUnchecked(
  context: RouteContext,
  { acceptance, results }: Work,
  found: OneTimeResult,
): Promise<TokensDecision> {
  const { tokens } = found
  const decision = await validateTokens(context, tokens)
  if (!decision.ok) return decision
  const isTaken = await results.take(acceptance.secret, found).catch(() => false)
  return isTaken ? { ok: true, tokens } : busy
}

const shortestPauseMs = 25
const longestPauseMs = 400
/** A lock ends before the outcome that was kept under it, so no request waits for one without the other. */
function lockMsOf(timeoutMs: number): number {
  return Math.min(timeoutMs, 60_000)
}

/**
 * Resolves to `ours` once this instance holds the lock and there is no outcome yet, else to the outcome
 * that another instance obtained: to one that is unchecked only with the lock. `busy` after the deadline
 * of a call. An unavailable store decides nothing, so that it keeps no one from a sign-in.
 */
async function waitForTurn(
  { client, store }: AuthContext,
  { acceptance, results, lockKey, owner }: Work,
): Promise<'ours' | 'busy' | OneTimeResult> {
  const { clock, timeoutMs } = client.settings
  const lockMs = lockMsOf(timeoutMs)
  const endsAt = clock.monotonic() + timeoutMs
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const holder = await store.setIfAbsent(lockKey, owner, lockMs).catch(() => undefined)
    // Looked for once the lock is held: its last holder keeps the outcome before it lets go.
    const known = await results.find(acceptance.secret).catch(() => undefined)
    if (known !== undefined && (holder === undefined || !known.isUnchecked)) return known
    if (holder === undefined) return 'ours'
    const leftMs = endsAt - clock.monotonic()
    if (leftMs <= 0) return 'busy'
    await clock.sleep(Math.min(pauseMs, leftMs))
  }
}

async function settled(operation: Promise<void>): Promise<boolean> {
  return operation.then(
    () => true,
    () => false,
  )
}
