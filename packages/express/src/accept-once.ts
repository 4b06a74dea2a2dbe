import type { SessionTokens } from '@linkpass/core'
import { type Failure, createOneTimeResults, outageFailure } from '@linkpass/web'
import type { Request } from 'express'
import { type SignInDecision, acceptSignIn, validateTokens } from './accept-sign-in.ts'
import type { AuthContext } from './context.ts'

/** What a one-time secret brought: tokens, not checked yet, or why there are none. */
export type Brought =
  | { readonly ok: true; readonly tokens: SessionTokens }
  | { readonly ok: false; readonly failure: Failure }

/** What is to be accepted once. */
export interface Bringing {
  /** Known to one browser alone: whoever presents it gets the session. */
  readonly secret: string
  /** Spends what can be spent only once. */
  readonly bring: () => Promise<Brought>
  /** The only person whose session may come of it. @default anyone's */
  readonly userId?: string | undefined
}

/** Decides on a sign-in, once for all who present the same secret. */
export type AcceptOnce = (req: Request, bringing: Bringing) => Promise<SignInDecision>

/**
 * Makes the one function that takes sign-ins of one kind. Whatever a person presses twice, in one
 * tab or two, is one verification and one `onSignIn`: the second press joins the first while it is
 * under way, and finds its outcome in the store for a minute after.
 */
export function createAcceptOnce(context: AuthContext, purpose: string): AcceptOnce {
  const flights = new Map<string, Promise<SignInDecision>>()
  const accepted = createOneTimeResults(context.store, context.sealer, purpose)

  async function accept(
    req: Request,
    { secret, bring, userId }: Bringing,
  ): Promise<SignInDecision> {
    // A link spent while the keys are out of reach is a link lost: nothing could check its session.
    const unreachable = await keysFailure(context)
    if (unreachable !== undefined) return { ok: false, failure: unreachable }
    const known = await accepted.find(secret).catch(() => undefined)
    if (known !== undefined) return validateTokens(context, known)
    const brought = await bring()
    if (!brought.ok) return brought
    const decision = await acceptSignIn(context, req, brought.tokens, userId)
    // What the app refused is not kept; without a store, a second press is told that it was used.
    if (decision.ok) await accepted.keep(secret, brought.tokens).catch(() => {})
    return decision
  }

  return (req, bringing) => {
    const underWay = flights.get(bringing.secret)
    if (underWay !== undefined) return underWay
    const flight = accept(req, bringing).finally(() => flights.delete(bringing.secret))
    flights.set(bringing.secret, flight)
    return flight
  }
}

async function keysFailure({ client }: AuthContext): Promise<Failure | undefined> {
  try {
    await client.warmUp()
    return undefined
  } catch (error) {
    const failure = outageFailure(error)
    if (failure === undefined) throw error
    return failure
  }
}
