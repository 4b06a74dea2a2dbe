import { type Failure, type Attempt, verifyFailure, withUsedLink } from '@linkpass/web'
import type { Request, Response } from 'express'
import { type Brought, createAcceptOnce } from './accept-once.ts'
import { keepSignIn } from './accept-sign-in.ts'
import { authenticate } from './authenticate.ts'
import { browserRecordFor, keepBrowserRecord } from './browser-record.ts'
import type { AuthContext } from './context.ts'
import { reportVerify } from './report.ts'

/** A link whose token is to be spent, and the attempt it belongs to, if this browser made it. */
export interface Press {
  readonly token: string
  readonly attempt: Attempt | undefined
}

/** Spends the token of a link for one browser; the failure, or undefined once cookies are set. */
export type SpendLink = (req: Request, res: Response, press: Press) => Promise<Failure | undefined>

/**
 * Makes the one function that spends tokens, once for each browser. Another browser gets nothing of
 * it, because a press is filed under the random name in this browser's sealed cookie.
 */
export function createSpendLink(context: AuthContext): SpendLink {
  const acceptOnce = createAcceptOnce(context, 'verified')

  return async (req, res, { token, attempt }) => {
    const links = context.sealer.fingerprints('link', token)
    const record = browserRecordFor(context, req)
    const used = record.used.find((known) => links.includes(known.link))
    if (used !== undefined && (await holds(context, req, res, used.userId))) return undefined
    const decision = await acceptOnce(req, {
      secret: `${record.browser} ${token}`,
      bring: () => verify(context, token),
      userId: attempt?.userId,
    })
    if (!decision.ok) return decision.failure
    const failure = keepSignIn(context, req, res, decision.signIn)
    if (failure !== undefined) return failure
    const { userId } = decision.signIn.session
    const link = context.sealer.fingerprint('link', token)
    keepBrowserRecord(context, req, res, withUsedLink(record, { link, userId }))
    // Whoever has just used a link waits for none: a step-up may follow at once.
    if (attempt !== undefined) await context.sendLimiter?.forgive(attempt.loginId)
    return undefined
  }
}

/** Whether the session that a link made in this browser still holds. */
async function holds(
  context: AuthContext,
  req: Request,
  res: Response,
  userId: string,
): Promise<boolean> {
  const { outcome } = await authenticate(context, req, res)
  return outcome.status === 'signed-in' && outcome.session.userId === userId
}

async function verify(context: AuthContext, token: string): Promise<Brought> {
  const result = await context.client.magicLink.verify(token)
  if (result.ok) return { ok: true, tokens: result.data }
  reportVerify(result.error)
  return { ok: false, failure: verifyFailure(result.error) }
}
