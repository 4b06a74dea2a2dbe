import { browserRecordCookie, browserRecordFor } from '../attempt/browser-cookie.ts'
import { type Attempt, withUsedLink } from '../attempt/browser-record.ts'
import { withSession } from '../attempt/step-up-age.ts'
import type { AuthContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import { identify } from '../guard/identify.ts'
import { reportVerify } from '../report.ts'
import type { CookieRecord } from '../response/cookies.ts'
import { verifyFailure } from '../service-failure.ts'
import { signInCookies } from '../session/accept-sign-in.ts'
import { type TokensDecision, createAcceptOnce } from '../session/accept-once.ts'

/** A link as it was opened or confirmed. */
export interface OpenedLink {
  readonly token: string
  /** The fingerprints of the token, one for each cookie secret. */
  readonly links: readonly string[]
  readonly state: string | undefined
  /** The attempt that the link belongs to, if this browser made it. */
  readonly attempt: Attempt | undefined
}

/** Redeems the token of a link for one browser: its session cookies, or why there are none. */
export type Redeem<R extends object> = (request: R, link: OpenedLink) => Promise<Redeemed>

type Redeemed =
  | { readonly ok: true; readonly cookies: readonly CookieRecord[] }
  | { readonly ok: false; readonly failure: Failure }

/**
 * Makes the one function that redeems tokens, once for each browser. A second request of the same
 * browser gets the same outcome. Another browser gets nothing of it, because the outcome is kept
 * under the random name in this browser's sealed cookie.
 */
export function createRedeem<R extends object>(context: AuthContext<R>): Redeem<R> {
  const acceptOnce = createAcceptOnce(context, 'verified')

  return async (request, { token, links, state, attempt }) => {
    const record = browserRecordFor(context, request)
    const before = record.used.find(({ link }) => links.includes(link))
    if (before !== undefined && (await isSignedIn(context, request, before.userId))) {
      return { ok: true, cookies: [] }
    }
    const decision = await acceptOnce(request, {
      secret: `${record.browser} ${token}`,
      obtain: () => verify(context, token),
      userId: attempt?.userId,
    })
    if (!decision.ok) return decision
    // Without a state, the link may be one for a step-up whose state was taken off.
    if (state === undefined && decision.signIn.session.claims['su'] === true) return bareStepUp
    const kept = await signInCookies(context, request, decision.signIn)
    if (!kept.ok) return kept
    const [link = ''] = links
    const { session } = decision.signIn
    const used = withUsedLink(record, { link, userId: session.userId })
    const next = withSession(used, session)
    // A user who has just redeemed a link may request another one at once, such as for a step-up.
    if (attempt !== undefined) await context.sendLimiter?.forgive(attempt.loginId)
    return { ok: true, cookies: [...kept.cookies, browserRecordCookie(context, request, next)] }
  }
}

const bareStepUp = { ok: false, failure: { kind: 'sign-in-refused' } } as const

async function isSignedIn<R extends object>(
  context: AuthContext<R>,
  request: R,
  userId: string,
): Promise<boolean> {
  const { outcome } = await identify(context.site, request)
  return outcome.status === 'signed-in' && outcome.session.userId === userId
}

async function verify<R extends object>(
  { client }: AuthContext<R>,
  token: string,
): Promise<TokensDecision> {
  const result = await client.magicLink.verify(token)
  if (result.ok) return { ok: true, tokens: result.data }
  reportVerify(result.error)
  return { ok: false, failure: verifyFailure(result.error) }
}
