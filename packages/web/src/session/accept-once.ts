import type { SessionTokens } from '@linkpass/core'
import type { KeptTokens } from '../attempt/hashed-entries.ts'
import type { RouteContext } from '../context.ts'
import type { Decision } from '../failure.ts'
import { credentialsOf, knownIdentity } from '../guard/identify.ts'
import { type RedeemedEvent, redeemed } from '../report.ts'
import {
  type Expected,
  type SignInDecision,
  acceptSignIn,
  readinessFailure,
  validateTokens,
} from './accept-sign-in.ts'
import { busy, createOnce } from './once.ts'

/** Tokens that are not checked yet, or why there are none. */
export type TokensDecision = Decision<{ readonly tokens: SessionTokens }>

export interface Acceptance extends Expected {
  readonly kind: 'verified' | 'completed' | 'stepped-up'
  /** Known to one browser alone. A request with this secret gets the session. */
  readonly secret: string
  /** Redeems what can be redeemed only once. */
  readonly obtain: () => Promise<TokensDecision>
}

const inTurn = createOnce<SignInDecision>()

/**
 * Decides on a sign-in, once for all requests with the same secret: a double click is one verification and one
 * `onSignIn`. The outcome is in the store for a minute after, but not that of one that the app refused.
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
      if (await hasEndedHere(context, expected)) {
        return { ok: false, failure: { kind: 'attempt-ended' } }
      }
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

/**
 * Whether the session of a request has ended whose user must not change. A copy of its cookies, from before
 * they were refreshed or replaced, gets no new session. Rejects without a store.
 */
async function hasEndedHere(
  { client, request, site }: RouteContext,
  { userId, isForThisBrowser = true }: Expected,
): Promise<boolean> {
  if (userId === undefined || !isForThisBrowser) return false
  const outcome = knownIdentity(site, request)?.outcome
  const refreshed = outcome?.status === 'signed-in' ? outcome.refreshed : undefined
  const { refreshJwt } = refreshed ?? credentialsOf(site, request)
  return refreshJwt !== undefined && (await client.recordOf(refreshJwt)) !== 'nothing'
}
