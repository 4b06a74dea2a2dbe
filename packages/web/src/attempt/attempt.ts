import type { DeliveryMethod } from '@linkpass/core'
import { checkOption, isDeliveryMethod, onlyKnown } from '@linkpass/core/internal'
import type { AuthContext, RouteContext } from '../context.ts'
import type { FormTarget } from '../pages/layout.ts'
import { callbackUrl, returnPath } from '../paths.ts'
import { isCrossSite } from '../request/cross-site.ts'
import { maxLoginIdBytes } from '../request/login-id.ts'
import type { CookieRecord } from '../response/cookies.ts'
import {
  browserRecordCookie,
  browserRecordFor,
  type Attempt,
  withAttempt,
} from './browser-record.ts'
import { type AttemptKind, newState } from './state.ts'

export type AttemptDetails = Omit<Attempt, 'state' | 'createdAt'>

/** A new attempt, which the browser does not remember yet. */
export function newAttempt({ client, sealer }: AuthContext, details: AttemptDetails): Attempt {
  const state = newState(sealer, { kind: kindOf(details), channel: 'magic' })
  return { ...details, state, createdAt: client.settings.clock.now() }
}

export function kindOf({ purpose, method }: AttemptDetails): AttemptKind {
  if (purpose === undefined) return 'sign-in'
  if (purpose === 'step-up') return 'step-up'
  return method === 'email' ? 'change-email' : 'change-phone'
}

/** The cookie that remembers an attempt in this browser, so that its link signs in here at once. */
export function attemptCookie(context: RouteContext, attempt: Attempt): CookieRecord {
  return browserRecordCookie(context, withAttempt(browserRecordFor(context), attempt))
}

/** The form that requests the link of an attempt once more, from the route that it came from. */
export function resendForm(basePath: string, attempt: Attempt): FormTarget {
  const { loginId, method, returnTo, purpose, profile } = attempt
  if (purpose === 'step-up') return { action: `${basePath}/step-up`, fields: { returnTo } }
  if (purpose === undefined) {
    return { action: `${basePath}/magic-link`, fields: { ...profile, loginId, method, returnTo } }
  }
  return method === 'email'
    ? { action: `${basePath}/email`, fields: { returnTo, email: loginId } }
    : { action: `${basePath}/phone`, fields: { returnTo, phone: loginId, method } }
}

/** Options of `prepareLink`. */
export interface PrepareLinkOptions {
  /** Where to go after the sign-in: a path of the app. Anything else is ignored. */
  returnTo?: unknown
  /** How the link is delivered, for the check-inbox page. @default 'email' */
  method?: DeliveryMethod | undefined
  /** Where it goes, for the check-inbox page: at most 320 bytes. @default not shown */
  loginId?: string | undefined
}

/** What a link that the app sends by itself needs. */
export interface PreparedLink {
  /** The `uri` of the call that sends the link. */
  readonly url: string
  /** To be set on the response. None for a request of another site, so that its link has a button. */
  readonly cookies: readonly CookieRecord[]
}

/**
 * Prepares a link that the app sends by itself, with a call of the client.
 *
 * @throws {TypeError} an option is invalid
 */
export function prepareLink(context: RouteContext, options: PrepareLinkOptions = {}): PreparedLink {
  onlyKnown('prepareLink', options, ['returnTo', 'method', 'loginId'])
  const { method = 'email', loginId = '' } = options
  checkOption(isDeliveryMethod(method), 'prepareLink: method must be email, sms or whatsapp.')
  checkOption(typeof loginId === 'string', 'prepareLink: loginId must be a string.')
  const returnTo = returnPath(context.settings, options.returnTo)
  // A browser drops a cookie that holds more.
  const shown = Buffer.byteLength(loginId) > maxLoginIdBytes ? '' : loginId
  const attempt = newAttempt(context, { method, loginId: shown, returnTo })
  // The route of the app may be a GET. Else another site could make its own link one of this browser's.
  const { origin, trusted } = context.settings.app
  const isOfOther = isCrossSite({ method: 'POST', header: context.header }, origin, trusted)
  return {
    url: callbackUrl(context.settings, attempt.state),
    cookies: isOfOther ? [] : [attemptCookie(context, attempt)],
  }
}
