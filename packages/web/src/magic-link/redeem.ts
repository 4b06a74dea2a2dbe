import type { AuthOutcome, Session, SessionTokens } from '@linkpass/core'
import { type BoundAttempt, findBoundAttempt, hasEndedIn } from '../attempt/bound-attempt.ts'
import {
  browserRecordCookie,
  browserRecordFor,
  browserRecordOf,
  type Attempt,
  withSession,
  withUsedLink,
} from '../attempt/browser-record.ts'
import { redeemWithinLimit } from '../attempt/redemption-limits.ts'
import { type AttemptKind, readState } from '../attempt/state.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import type { CodedAttempt } from '../enchanted-link/code.ts'
import type { AttemptState } from '../enchanted-link/decide.ts'
import { pendingLifetimeMs } from '../enchanted-link/pending-sign-in.ts'
import type { Decision } from '../failure.ts'
import { identify } from '../guard/identify.ts'
import { reportedVerify } from '../report.ts'
import type { CookieRecord } from '../response/cookies.ts'
import { type AccountChange, signInCookies } from '../session/accept-sign-in.ts'
import { type TokensDecision, acceptOnce } from '../session/accept-once.ts'
import { type LinkFacts, givesSession } from './decide.ts'

export interface OpenedLink {
  readonly token: string
  /** The fingerprints of the token, one for each cookie secret. */
  readonly links: readonly string[]
  readonly state: string | undefined
  /** The attempt that the link belongs to, if this browser made it. */
  readonly attempt: Attempt | undefined
  /** What the store has of the attempt, unless it is a sign-in or its session has ended. */
  readonly bound: BoundAttempt | undefined
  /** Where it takes a code to confirm it in another browser. */
  readonly coded: CodedAttempt | undefined
  readonly facts: LinkFacts
  readonly session: Session | undefined
}

/**
 * What a link is for; undefined for a state that was not made here for a magic link. A link without a
 * state is for the app to allow.
 */
export function kindOfLink(
  { sealer, settings }: AuthContext,
  state: string | undefined,
): AttemptKind | undefined {
  if (state === undefined) return settings.allowBareLinks ? 'sign-in' : undefined
  const known = readState(sealer, state)
  return known?.channel === 'magic' ? known.kind : undefined
}

/** Finds out what is known of a link, and of the browser that has it. Rejects without a store. */
export async function readLink(
  context: RouteContext,
  { token, state, kind }: { token: string; state: string | undefined; kind: AttemptKind },
): Promise<OpenedLink> {
  const { request, sealer, settings, site } = context
  const links = sealer.fingerprints('link', token)
  const record = browserRecordOf(context)
  const attempt = record?.attempts.find((known) => known.state === state)
  const isBound = kind !== 'sign-in' && state !== undefined
  const bound = isBound ? await findBoundAttempt(context, state) : undefined
  // A step-up has a code, which confirms it in another browser while the one that asked waits.
  const { code } = bound ?? {}
  const coded =
    code === undefined || bound === undefined || state === undefined
      ? undefined
      : { state, code, endsAt: bound.createdAt + pendingLifetimeMs(settings.linkLifetimes.magic) }
  const { outcome } = await identify(site, request)
  const session = outcome.status === 'signed-in' ? outcome.session : undefined
  const used = record?.used.find(({ link }) => links.includes(link))
  const facts = {
    kind,
    isAsking: attempt !== undefined,
    user: userHere(outcome, bound),
    isLive: !isBound || bound !== undefined,
    ...(coded && { approval: approvals[await context.broker.stateFor(coded)] ?? 'over' }),
    isUsedHere: used !== undefined && used.userId === session?.userId,
  }
  return { token, links, state, attempt, bound, coded, facts, session }
}

const approvals: Readonly<Partial<Record<AttemptState, LinkFacts['approval']>>> = {
  pending: 'waiting',
  'code-refused': 'code-refused',
}

/** Who is signed in here, as far as an attempt is concerned. */
export function userHere(outcome: AuthOutcome, bound: BoundAttempt | undefined): LinkFacts['user'] {
  if (outcome.status === 'unavailable') return 'unknown'
  // By a clock of ours that is behind, the session is not valid yet.
  if (outcome.status === 'signed-out')
    return outcome.reason === 'not-yet-valid' ? 'unknown' : 'none'
  return outcome.session.userId === bound?.userId ? 'same' : 'another'
}

/**
 * Redeems the token of a link for one browser, once: the cookies that it gets, or why it was not redeemed. A
 * second request of this browser gets the same outcome. That is kept under the browser's random name, so that no
 * other browser gets it, and under the state, since beside another one the token may be worth another session.
 */
export async function redeem(
  context: RouteContext,
  link: OpenedLink,
): Promise<Decision<{ cookies: readonly CookieRecord[]; received: SessionTokens }>> {
  const { token, attempt, coded, facts, state } = link
  // The code of an attempt was compared before.
  const isOfRequester = facts.isAsking || coded !== undefined
  const record = browserRecordFor(context)
  let isRepeated = true
  const decision = await acceptOnce(context, {
    kind: 'verified',
    secret: `${record.browser} ${state} ${token}`,
    obtain: () => {
      isRepeated = false
      return redeemWithinLimit(context, { state, isOfRequester }, () => verify(context, token))
    },
    userId: link.bound?.userId,
    purpose: facts.kind,
    change: changeOf(link),
    isForThisBrowser: givesSession(facts),
  })
  if (!decision.ok) return decision
  // A user who has just redeemed a link may request another one at once, such as for a step-up.
  if (attempt !== undefined) await context.sendLimiter?.forgive(attempt.loginId)
  const { received, session } = decision.signIn
  if (!givesSession(facts)) return { ok: true, cookies: [], received }
  const { bound } = link
  const hasEnded = async (): Promise<boolean> => {
    // The session that asked may have ended while the token was redeemed and the hooks ran.
    if (bound) return state !== undefined && !(await findBoundAttempt(context, state))
    // A copy of this browser's cookie repeats no sign-in after a logout; an unavailable store keeps no
    // one from a sign-in.
    const where = `browser ${record.browser}` as const
    return isRepeated && hasEndedIn(context, where, session).catch(() => false)
  }
  const kept = await signInCookies(context, decision.signIn, facts.kind, hasEnded)
  if (!kept.ok) return kept
  const [name = ''] = link.links
  const used = withUsedLink(record, { link: name, userId: session.userId, state: link.state })
  // The link of a change proves another mailbox, and renews no step-up.
  const now = context.client.settings.clock.now()
  const next = facts.kind === 'step-up' ? withSession(used, session, now) : used
  const cookies = [...kept.cookies, browserRecordCookie(context, next)]
  return { ok: true, cookies, received }
}

function changeOf({ facts, bound }: OpenedLink): AccountChange | undefined {
  if (bound === undefined || !facts.kind.startsWith('change-')) return undefined
  return { kind: facts.kind === 'change-email' ? 'email' : 'phone', address: bound.address }
}

async function verify({ client }: AuthContext, token: string): Promise<TokensDecision> {
  const result = await client.magicLink.verify(token)
  if (result.ok) return { ok: true, tokens: result.data }
  return { ok: false, failure: reportedVerify(result.error) }
}
