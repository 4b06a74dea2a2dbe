import type { DeliveryMethod } from '@linkpass/core'
import {
  type Start,
  isDeliveryMethod,
  onlyKnown,
  randomState,
  safeReturnTo,
  withStart,
} from '@linkpass/web'
import type { Request, Response } from 'express'
import { browserRecordFor, keepBrowserRecord } from './browser-record.ts'
import type { AuthContext } from './context.ts'

/** What is known of a start besides its state and time. */
export type StartDetails = Omit<Start, 'state' | 'createdAt'>

/** A new start, not yet remembered in the browser. */
export function newStart(context: AuthContext, details: StartDetails): Start {
  return { ...details, state: randomState(), createdAt: context.client.settings.clock.now() }
}

/** Remembers a start in this browser, so that its link signs in here without a question. */
export function keepStart(context: AuthContext, req: Request, res: Response, start: Start): void {
  keepBrowserRecord(context, req, res, withStart(browserRecordFor(context, req), start))
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
 * Sets the start cookie and returns the callback URL, for apps that call the client themselves:
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
  const start = newStart(context, { method, loginId, returnTo: wayBack(context, options.returnTo) })
  keepStart(context, req, res, start)
  return callbackUrl(context, start.state)
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
