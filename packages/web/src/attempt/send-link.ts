import type {
  LoginOptions,
  MaskedEmail,
  MaskedPhone,
  NewUser,
  Result,
  SignIn,
  SignUp,
  SignUpOrIn,
} from '@linkpass/core'
import type { RouteContext } from '../context.ts'
import { type Failure, isTemporary } from '../failure.ts'
import type { FormTarget } from '../pages/layout.ts'
import { callbackUrl, signInUrl } from '../paths.ts'
import { type SentEvent, reportSend, runHook, sent, warnOnce } from '../report.ts'
import { localeOf } from '../request/locale.ts'
import { acceptsPage } from '../request/navigation.ts'
import { maskLoginId } from '../request/login-id.ts'
import { failureResponse } from '../response/failure-response.ts'
import { type WebResponse, json, redirect, withCookies } from '../response/response.ts'
import { sendFailure } from '../service-failure.ts'
import { attemptCookie, kindOf, resendForm } from './attempt.ts'
import type { Attempt } from './browser-record.ts'
import type { LinkRequest } from './hooks.ts'

/** Whether a link was sent. `data` is absent when the service did not accept the address. */
export type SendDecision<Data> =
  | { readonly ok: true; readonly data: Data | undefined }
  | { readonly ok: false; readonly failure: Failure; readonly mayHaveSent: boolean }

/**
 * Sends one link within the limits. An address that the service does not accept comes out as sent, so that the
 * response does not tell who has an account.
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
  const { mode } = context.settings
  if (mode === 'sign-up') return calls.signUp(loginId, uri, profile, options)
  return calls[mode === 'sign-in' ? 'signIn' : 'signUpOrIn'](loginId, uri, options)
}

/** The login options of the app for a request, with its locale unless the app gave one. */
export async function loginOptionsOf(context: RouteContext): Promise<LoginOptions> {
  const { request, settings } = context
  const { service: locale } = await localeOf(context)
  return { ...(locale !== undefined && { locale }), ...(await settings.loginOptions?.(request)) }
}

/**
 * Sends the link of an attempt, which this browser then remembers. 202 with `maskedEmail` or `maskedPhone`, and
 * the code of a step-up, for JSON clients; a 303 to the check-inbox page for forms.
 */
export async function sendAttempt(
  context: RouteContext,
  attempt: Attempt,
  fields: LinkRequest['fields'],
  send: (uri: string) => Promise<Result<MaskedEmail | MaskedPhone>>,
): Promise<WebResponse> {
  const { settings } = context
  const { code, loginId, method, purpose, returnTo, state, userId } = attempt
  // Made first: it names the browser, also for what the store keeps of the attempt.
  const cookie = attemptCookie(context, attempt)
  const about = { purpose: kindOf(attempt), channel: 'magic', method, fields } as const
  const request = { ...about, address: loginId, ...(userId !== undefined && { userId }) }
  const sent = await sendLink(context, request, () => send(callbackUrl(settings, state)))
  if (!sent.ok) {
    const again = resendForm(settings.basePath, attempt)
    const url = purpose === undefined ? signInUrl(settings, returnTo) : returnTo
    const response = notSentResponse(context, sent.failure, fields, again, url)
    // If the service's response was lost, the link may arrive all the same, and must then work.
    return withCookies(response, sent.mayHaveSent ? [cookie] : [])
  }
  const name = method === 'email' ? 'maskedEmail' : 'maskedPhone'
  const response = acceptsPage(context)
    ? redirect(settings.pages.checkInbox)
    : json(202, { [name]: maskLoginId(loginId), code })
  return withCookies(response, [cookie])
}

/**
 * The response when a link was not sent. If a retry may help, the page has the same form once more; else it
 * leads elsewhere, as it does where a form has fields of the app: the outcome of a bot check counts once.
 */
export function notSentResponse(
  context: RouteContext,
  failure: Failure,
  fields: LinkRequest['fields'],
  again: FormTarget,
  url: string,
): WebResponse {
  const isRepeatable = isTemporary(failure) && Object.keys(fields).length === 0
  return failureResponse(context, failure, isRepeatable ? again : { url })
}
