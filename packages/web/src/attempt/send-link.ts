import type { LoginOptions, NewUser, Result, SignIn, SignUp, SignUpOrIn } from '@linkpass/core'
import type { RouteContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import { type SentEvent, reportSend, runHook, sent, warnOnce } from '../report.ts'
import { localeOf } from '../request/locale.ts'
import { acceptsPage } from '../request/navigation.ts'
import { maskLoginId } from '../request/login-id.ts'
import type { CookieRecord } from '../response/cookies.ts'
import { type WebResponse, json, redirect, withCookies } from '../response/response.ts'
import { sendFailure } from '../service-failure.ts'
import type { AttemptDetails } from './attempt.ts'
import type { LinkRequest } from './hooks.ts'

/** Whether a link was sent. `data` is absent when the service did not accept the address. */
export type SendDecision<Data> =
  | { readonly ok: true; readonly data: Data | undefined }
  | { readonly ok: false; readonly failure: Failure; readonly mayHaveSent: boolean }

/**
 * Sends one link within the limits. An address that the service does not accept comes out as sent,
 * so that the response does not tell who has an account.
 */
export async function sendLink<Data>(
  context: RouteContext,
  attempt: LinkRequest,
  send: () => Promise<Result<Data>>,
): Promise<SendDecision<Data>> {
  const decision = await trySend(context, attempt, send)
  const outcome = decision.ok ? 'sent' : decision.failure.kind
  sent.publish({ purpose: attempt.purpose, outcome } satisfies SentEvent)
  return decision
}

async function trySend<Data>(
  context: RouteContext,
  attempt: LinkRequest,
  send: () => Promise<Result<Data>>,
): Promise<SendDecision<Data>> {
  const { read, request, sendLimiter } = context
  const { address } = attempt
  const ipFix = sendLimiter && read.ipFix(request)
  if (ipFix !== undefined) {
    warnOnce(
      'unknown sender',
      'Links are limited per IP address, and all requests seem to come from one.',
      `${ipFix} Or set limits.perIp for all users together.`,
    )
  }
  const limited = await sendLimiter?.admit(address, read.ip(request) ?? '')
  if (limited !== undefined) return { ok: false, failure: limited, mayHaveSent: false }
  if (await isVetoed(context, attempt)) {
    await sendLimiter?.refund(address)
    return { ok: false, failure: { kind: 'send-refused' }, mayHaveSent: false }
  }
  const result = await send().catch(async (error: unknown) => {
    // The app's `loginOptions` threw, or the store failed: nothing was sent.
    await sendLimiter?.refund(address)
    throw error
  })
  if (result.ok) return { ok: true, data: result.data }
  reportSend(result.error)
  const failure = sendFailure(result.error)
  if (failure === undefined) return { ok: true, data: undefined }
  const mayHaveSent = result.error.mayHaveBeenProcessed
  if (!mayHaveSent) await sendLimiter?.refund(address)
  return { ok: false, failure, mayHaveSent }
}

async function isVetoed(
  { request, settings }: RouteContext,
  attempt: LinkRequest,
): Promise<boolean> {
  const hook = await runHook('before-send', () => settings.beforeSend?.(request, attempt))
  return hook === undefined || hook.told === false
}

/** The three calls that send a link by one method. */
export interface LinkCalls<Data> {
  readonly signUp: SignUp<Data>
  readonly signIn: SignIn<Data>
  readonly signUpOrIn: SignUpOrIn<Data>
}

/** Sends a link by the app's `mode`, with login options that come from the app alone. */
export async function sendByMode<Data>(
  context: RouteContext,
  calls: LinkCalls<Data>,
  link: { readonly loginId: string; readonly uri: string; readonly profile: NewUser },
): Promise<Result<Data>> {
  const { loginId, uri, profile } = link
  const options = await loginOptionsOf(context)
  switch (context.settings.mode) {
    case 'sign-up-or-in':
      return calls.signUpOrIn(loginId, uri, options)
    case 'sign-in':
      return calls.signIn(loginId, uri, options)
    case 'sign-up':
      return calls.signUp(loginId, uri, profile, options)
  }
}

/** The login options of the app for a request, with its locale unless the app gave one. */
export async function loginOptionsOf(context: RouteContext): Promise<LoginOptions> {
  const { request, settings } = context
  const { service: locale } = await localeOf(context)
  return { ...(locale !== undefined && { locale }), ...(await settings.loginOptions?.(request)) }
}

/** The response once a link was sent: where it went, masked, and the code of a step-up. */
export function sentResponse(
  context: RouteContext,
  { method, loginId, code }: Pick<AttemptDetails, 'method' | 'loginId' | 'code'>,
  cookies: readonly CookieRecord[],
): WebResponse {
  const name = method === 'email' ? 'maskedEmail' : 'maskedPhone'
  const response = acceptsPage(context)
    ? redirect(context.settings.pages.checkInbox)
    : json(202, { [name]: maskLoginId(loginId), code })
  return withCookies(response, cookies)
}
