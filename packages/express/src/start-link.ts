import type { DeliveryMethod } from '@linkpass/core'
import {
  type Attempt,
  isDeliveryMethod,
  onlyKnown,
  randomState,
  safeReturnTo,
  withAttempt,
} from '@linkpass/web'
import type { Request, Response } from 'express'
import { browserRecordFor, keepBrowserRecord } from './browser-record.ts'
import type { AuthContext } from './context.ts'

/** What is known of an attempt besides its state and time. */
export type AttemptDetails = Omit<Attempt, 'state' | 'createdAt'>

/** A new attempt, not yet remembered in the browser. */
export function newAttempt(context: AuthContext, details: AttemptDetails): Attempt {
  return { ...details, state: randomState(), createdAt: context.client.settings.clock.now() }
}

/** Remembers an attempt in this browser, so that its link signs in here without a question. */
export function rememberAttempt(
  context: AuthContext,
  req: Request,
  res: Response,
  attempt: Attempt,
): void {
  keepBrowserRecord(context, req, res, withAttempt(browserRecordFor(context, req), attempt))
}

/** The address a link leads to: configuration and a state, nothing of a request. */
export function callbackUrl(context: AuthContext, state: string): string {
  const { app, verifyPath } = context.settings
  return `${app.origin}${verifyPath}/${state}`
}

/** What `prepareLink` takes besides the request and its response. */
export interface PrepareLinkOptions {
  /** Where to go after the sign-in: a path of the app; anything else is ignored. */
  returnTo?: unknown
  /** How the link travels, for the check-inbox page. @default 'email' */
  method?: DeliveryMethod
  /** Where it goes, for the check-inbox page. @default not shown */
  loginId?: string
}

/**
 * Sets the attempt cookie and returns the callback URL, for apps that call the client themselves:
 * `client.magicLink.signUpOrIn.email(address, auth.prepareLink(req, res))`.
 *
 * @throws {TypeError} an option cannot be right; nothing was set
 */
export function prepareLink(
  context: AuthContext,
  req: Request,
  res: Response,
  options: PrepareLinkOptions = {},
): string {
  onlyKnown('prepareLink', options, ['returnTo', 'method', 'loginId'])
  const { method = 'email', loginId = '' } = options
  if (!isDeliveryMethod(method)) {
    throw new TypeError('prepareLink: method must be email, sms or whatsapp.')
  }
  if (typeof loginId !== 'string') throw new TypeError('prepareLink: loginId must be a string.')
  const attempt = newAttempt(context, {
    method,
    loginId,
    returnTo: wayBack(context, options.returnTo),
  })
  rememberAttempt(context, req, res, attempt)
  return callbackUrl(context, attempt.state)
}

/** Where to go afterwards: a safe path, or the app's default. */
export function wayBack(context: AuthContext, returnTo: unknown): string {
  const { app, pages } = context.settings
  return safeReturnTo(returnTo, app.origin) ?? pages.afterSignIn
}

/** The sign-in page, built in or the app's own, on the way to `returnTo`. */
export function signInUrl({ settings }: AuthContext, returnTo: string): string {
  const { signIn } = settings.pages
  return `${signIn}${signIn.includes('?') ? '&' : '?'}returnTo=${encodeURIComponent(returnTo)}`
}
