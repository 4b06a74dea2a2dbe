import type { DeliveryMethod, MaskedEmail, MaskedPhone, Result, User } from '@linkpass/core'
import { type Failure, callFailure, isSignedOut, isTemporary, parseLoginId } from '@linkpass/web'
import type { Request, Response } from 'express'
import { authenticate } from './authenticate.ts'
import { type Body, readBody } from './body.ts'
import type { AuthContext } from './context.ts'
import { credentialsOf } from './guard.ts'
import { answerSent } from './magic-link-route.ts'
import { refuse } from './refuse.ts'
import { resendForm } from './resend-form.ts'
import { sendLink } from './send-link.ts'
import { keepPurpose } from './start-purpose.ts'
import {
  type AttemptDetails,
  callbackUrl,
  rememberAttempt,
  newAttempt,
  signInUrl,
  wayBack,
} from './start-link.ts'

/** A signed-in person, as their own refresh token says. */
interface Person {
  readonly userId: string
  readonly loginId: string
  readonly refreshJwt: string
}

type PersonDecision =
  | { readonly ok: true; readonly person: Person }
  | { readonly ok: false; readonly failure: Failure }

/** `POST /step-up`: sends the signed-in person a link whose session counts as stepped up. */
export async function postStepUp(context: AuthContext, req: Request, res: Response): Promise<void> {
  const body = await readBody(req, ['returnTo'])
  if (!body.ok) return refuseOwn(context, req, res, body.failure)
  const found = await personOf(context, req, res)
  if (!found.ok) return refuseOwn(context, req, res, found.failure, startOf(context, body).returnTo)
  const { userId, loginId, refreshJwt } = found.person
  const method: DeliveryMethod = loginId.includes('@') ? 'email' : 'sms'
  const options = { ...(await context.settings.loginOptions?.(req)), stepup: true }
  await sendOwnLink(context, req, res, {
    attempt: { ...startOf(context, body), method, loginId, userId, purpose: 'step-up' },
    send: (uri) => context.client.magicLink.signIn[method](loginId, uri, options, refreshJwt),
  })
}

/** `POST /email`: sends a link to a new address, which becomes theirs once it is opened. */
export function postEmail(context: AuthContext, req: Request, res: Response): Promise<void> {
  return postUpdate(context, req, res, 'email', ['email'])
}

/** `POST /phone`: the same for a number, by SMS or WhatsApp. */
export function postPhone(context: AuthContext, req: Request, res: Response): Promise<void> {
  return postUpdate(context, req, res, 'phone', ['sms', 'whatsapp'])
}

async function postUpdate(
  context: AuthContext,
  req: Request,
  res: Response,
  field: 'email' | 'phone',
  offered: readonly [DeliveryMethod, ...DeliveryMethod[]],
): Promise<void> {
  const body = await readBody(req, [field, 'method', 'returnTo'])
  if (!body.ok) return refuseOwn(context, req, res, body.failure)
  const asked = body.fields.get('method') ?? offered[0]
  const method = offered.find((one) => one === asked)
  if (method === undefined) {
    return refuseOwn(context, req, res, { kind: 'bad-request', field: 'method' })
  }
  const address = parseLoginId(body.fields.get(field), method)
  if (address === undefined) return refuseOwn(context, req, res, { kind: 'bad-request', field })
  const found = await personOf(context, req, res)
  if (!found.ok) return refuseOwn(context, req, res, found.failure)
  const { userId, loginId, refreshJwt } = found.person
  const { email, phone } = context.client.magicLink.update
  await sendOwnLink(context, req, res, {
    attempt: { ...startOf(context, body), method, loginId: address, userId, purpose: 'update' },
    send: (uri) =>
      (method === 'email' ? email : phone[method])(loginId, address, uri, refreshJwt, refuseMerge),
  })
}

// By default the service merges into one account two people whom an address would join: whoever
// names somebody else's address, and gets them to press a link, would take over what is theirs.
const refuseMerge = { failOnConflict: true } as const

interface OwnLink {
  readonly attempt: AttemptDetails
  readonly send: (uri: string) => Promise<Result<MaskedEmail | MaskedPhone>>
}

async function sendOwnLink(
  context: AuthContext,
  req: Request,
  res: Response,
  { attempt: details, send }: OwnLink,
): Promise<void> {
  const attempt = newAttempt(context, details)
  const sent = await sendLink(context, req, attempt.loginId, () =>
    send(callbackUrl(context, attempt.state)),
  )
  if (sent.ok || sent.mayHaveSent) {
    rememberAttempt(context, req, res, attempt)
    await keepPurpose(context, attempt)
  }
  if (!sent.ok) {
    const forward = isTemporary(sent.failure)
      ? resendForm(context, attempt)
      : { url: attempt.returnTo }
    return refuse(context, req, res, sent.failure, forward)
  }
  answerSent(context, req, res, attempt.method, attempt.loginId)
}

/**
 * Refuses with the way forward of somebody who was signed in: back to where they were, by way of a
 * sign-in if need be.
 *
 * @param here where that is @default the page with the form
 */
function refuseOwn(
  context: AuthContext,
  req: Request,
  res: Response,
  failure: Failure,
  here: string = wayBack(context, req.headers.referer),
): void {
  refuse(context, req, res, failure, {
    url: isSignedOut(failure) ? signInUrl(context, here) : here,
  })
}

function startOf(
  context: AuthContext,
  body: Extract<Body, { ok: true }>,
): Pick<AttemptDetails, 'returnTo'> {
  return { returnTo: wayBack(context, body.fields.get('returnTo')) }
}

/**
 * Who is signed in, by the service's own word: the login ID comes from `me`, never from a request.
 */
async function personOf(
  context: AuthContext,
  req: Request,
  res: Response,
): Promise<PersonDecision> {
  const { outcome, failure } = await authenticate(context, req, res)
  if (failure !== undefined) return { ok: false, failure }
  const { source, refreshJwt: presented } = credentialsOf(req, context.settings.cookies.names)
  const refreshJwt =
    outcome.status === 'signed-in' ? (outcome.refreshed?.refreshJwt ?? presented) : undefined
  if (refreshJwt === undefined) {
    // A Bearer token, or a session whose refresh cookie is gone: it cannot ask for anything.
    return {
      ok: false,
      failure: { kind: 'signed-out', reason: 'no-session', source, clearSession: false },
    }
  }
  const me = await context.client.me(refreshJwt)
  if (!me.ok) return { ok: false, failure: callFailure(me.error) }
  const loginId = loginIdOf(me.data)
  // The refresh cookie of one person beside the session of another is nobody's.
  const sameSubject = outcome.status === 'signed-in' && outcome.session.userId === me.data.userId
  if (loginId === undefined || !sameSubject) {
    return { ok: false, failure: { kind: 'forbidden', missing: 'permission' } }
  }
  return { ok: true, person: { userId: me.data.userId, loginId, refreshJwt } }
}

// An address by preference: it can be masked so that the person knows it again.
function loginIdOf({ loginIds }: User): string | undefined {
  return loginIds.find((one) => one.includes('@')) ?? loginIds[0]
}
