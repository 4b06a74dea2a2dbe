import type { NewUser, Result, SignIn, SignUp, SignUpOrIn } from '@linkpass/core'
import { type Failure, startFailure } from '@linkpass/web'
import type { Request } from 'express'
import type { AuthContext } from './context.ts'
import { reportStart, reportUntrustedProxy } from './report.ts'

/** What came of asking for a link; `answer` is absent when the service refused the address. */
export type SendDecision<Answer> =
  | { readonly ok: true; readonly answer: Answer | undefined }
  | { readonly ok: false; readonly failure: Failure; readonly mayHaveSent: boolean }

/**
 * Asks for one link within the limits. An address that the service refuses comes out as sent, so
 * that the answer tells nobody who has an account.
 */
export async function sendLink<Answer>(
  context: AuthContext,
  req: Request,
  address: string,
  send: () => Promise<Result<Answer>>,
): Promise<SendDecision<Answer>> {
  if (context.sendLimiter !== undefined && isBehindUnknownProxy(req)) reportUntrustedProxy()
  const limited = await context.sendLimiter?.admit(address, req.ip ?? '')
  if (limited !== undefined) return { ok: false, failure: limited, mayHaveSent: false }
  const result = await send()
  if (result.ok) return { ok: true, answer: result.data }
  reportStart(result.error)
  const failure = startFailure(result.error)
  if (failure === undefined) return { ok: true, answer: undefined }
  const mayHaveSent = 'mayHaveBeenProcessed' in result.error && result.error.mayHaveBeenProcessed
  if (!mayHaveSent) await context.sendLimiter?.refund(address)
  return { ok: false, failure, mayHaveSent }
}

function isBehindUnknownProxy(req: Request): boolean {
  return req.headers['x-forwarded-for'] !== undefined && req.app.get('trust proxy') === false
}

/** The three ways to ask for a link by one method. */
export interface LinkCalls<Answer> {
  readonly signUp: SignUp<Answer>
  readonly signIn: SignIn<Answer>
  readonly signUpOrIn: SignUpOrIn<Answer>
}

/** Asks for a link the way the app's `mode` says, with login options from the app alone. */
export async function askForLink<Answer>(
  context: AuthContext,
  req: Request,
  calls: LinkCalls<Answer>,
  link: { readonly loginId: string; readonly uri: string; readonly profile: NewUser },
): Promise<Result<Answer>> {
  const { loginId, uri, profile } = link
  const options = await context.settings.loginOptions?.(req)
  switch (context.settings.mode) {
    case 'sign-up-or-in':
      return calls.signUpOrIn(loginId, uri, options)
    case 'sign-in':
      return calls.signIn(loginId, uri, options)
    case 'sign-up':
      return calls.signUp(loginId, uri, profile, options)
  }
}
