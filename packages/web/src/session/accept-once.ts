import type { SessionTokens } from '@linkpass/core'
import { createOneTimeResults } from '../attempt/one-time-results.ts'
import type { AuthContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import { outageFailure } from '../service-failure.ts'
import { type SignInDecision, acceptSignIn, validateTokens } from './accept-sign-in.ts'

/** Tokens that are not checked yet, or why there are none. */
export type TokensDecision =
  | { readonly ok: true; readonly tokens: SessionTokens }
  | { readonly ok: false; readonly failure: Failure }

/** What is to be accepted once. */
export interface Acceptance {
  /** Known to one browser alone. A request with this secret gets the session. */
  readonly secret: string
  /** Redeems what can be redeemed only once. */
  readonly obtain: () => Promise<TokensDecision>
  /** The only user whose session may result. @default any user */
  readonly userId?: string | undefined
}

/** Decides on a sign-in, once for all requests with the same secret. */
export type AcceptOnce<R extends object> = (
  request: R,
  acceptance: Acceptance,
) => Promise<SignInDecision>

/**
 * Makes the one function that accepts sign-ins of one kind. A double click, in one tab or two, is one
 * verification and one `onSignIn`: the second request joins the first while that is under way, and
 * finds its outcome in the store for a minute after.
 */
export function createAcceptOnce<R extends object>(
  context: AuthContext<R>,
  purpose: string,
): AcceptOnce<R> {
  const underWay = new Map<string, Promise<SignInDecision>>()
  const results = createOneTimeResults(context.store, context.sealer, purpose)

  async function accept(
    request: R,
    { secret, obtain, userId }: Acceptance,
  ): Promise<SignInDecision> {
    // Redeemed while the keys are unavailable, a link would be lost: nothing could check its session.
    const outage = await keysFailure(context)
    if (outage !== undefined) return { ok: false, failure: outage }
    const known = await results.find(secret).catch(() => undefined)
    if (known !== undefined) return validateTokens(context, known)
    const obtained = await obtain()
    if (!obtained.ok) return obtained
    const decision = await acceptSignIn(context, request, obtained.tokens, userId)
    // A sign-in that the app refused is not kept. Without a store, a second request finds a used link.
    if (decision.ok) await results.keep(secret, obtained.tokens).catch(() => {})
    return decision
  }

  return (request, acceptance) => {
    const { secret } = acceptance
    const known = underWay.get(secret)
    if (known !== undefined) return known
    const decision = accept(request, acceptance).finally(() => underWay.delete(secret))
    underWay.set(secret, decision)
    return decision
  }
}

async function keysFailure<R extends object>({
  client,
}: AuthContext<R>): Promise<Failure | undefined> {
  try {
    await client.warmUp()
    return undefined
  } catch (error) {
    const failure = outageFailure(error)
    if (failure === undefined) throw error
    return failure
  }
}
