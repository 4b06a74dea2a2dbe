/**
 * What a response does not tell, for the operator of the app. It is published on the channel
 * `linkpass:sign-in:refused` of `node:diagnostics_channel`, and printed as a process warning where
 * the deployment is at fault. Codes and names only, never a token or an address; except what a hook of
 * the app threw, which is passed on as it is.
 */
import { type Channel, channel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { type CallError, StoreError } from '@linkpass/core'
import type { Failure } from './failure.ts'
import { isOfVisitor, outageFailure, verifyFailure } from './service-failure.ts'

/** The message of `linkpass:sign-in:refused`. */
export interface RefusedEvent {
  /** The step that failed. */
  readonly step: 'send' | 'verify' | 'account' | 'logout' | HookStep | 'tokens' | 'cookies'
  /** The service's own code, or ours. */
  readonly code: string
  /** The HTTP status of the service's response, where there was one. */
  readonly status?: number
  /** The error itself, for a step of ours or of the app. */
  readonly cause?: unknown
}

/** The message of `linkpass:sign-in:sent`: a request for a link was answered. */
export interface SentEvent {
  /** What the link was for. */
  readonly purpose: string
  /** `sent` also where the service did not know the address; else the failure, such as `too-many`. */
  readonly outcome: 'sent' | Failure['kind']
}

/** The message of `linkpass:sign-in:redeemed`: the service has redeemed a link. */
export interface RedeemedEvent {
  /** What the link was for. */
  readonly purpose: string
  /** `accepted`, or why no session was given. */
  readonly outcome: 'accepted' | Failure['kind']
}

export const sent: Channel = channel('linkpass:sign-in:sent')
export const redeemed: Channel = channel('linkpass:sign-in:redeemed')
const refusals = channel('linkpass:sign-in:refused')

/** The service did not send a link. The visitor gets the same response as if it had. */
export function reportSend(error: CallError): void {
  report('send', error)
  if (error.code === 'ERR_ARGUMENT' && !isOfVisitor(error)) {
    const { message } = error
    warnOnce(message, `No link was sent: ${message}`, 'Check loginOptions of createAuth.')
  }
  // An address with an account, without one, or of another user; a session that ended just now.
  const expected = ['E062107', 'E062108', 'E062125', 'E061005', 'E064001']
  if (expected.includes(error.errorCode)) return
  const fix =
    'Check projectId and authManagementKey of the client, and in the console that the method is enabled and the domain of appUrl approved.'
  warnOfService('send a link', error, fix)
}

function warnOfService(act: string, error: CallError, fix: string): void {
  if (error.code !== 'ERR_SERVICE_REFUSED' || error.status >= 500) return
  const { errorCode, errorDescription, status } = error
  if (errorCode === '') {
    warnOnce(
      `${act} no code`,
      `A request to ${act} got status ${status} without a code of the service.`,
      'Check baseUrl, and any proxy between this app and the service.',
    )
  } else {
    const message = `The service did not ${act}: ${errorCode} ${errorDescription}.`
    warnOnce(`${act} ${errorCode}`, message, fix)
  }
}

/** An outage, for which requests get 503. Each kind is printed once, with the error of the first call. */
export function reportOutage(what: keyof typeof outages, error?: CallError): void {
  warnOnce(
    `outage ${what}`,
    `Requests for a sign-in or a session get 503: ${outages[what]}.`,
    `${error === undefined ? '' : `${error.message} `}This is printed once. The channels linkpass:request:error, linkpass:store:operation and linkpass:sign-in:refused have each case.`,
  )
}

// By what is unavailable. `service` is any call but a refresh; `closed` is the app's own client.
const outages = {
  keys: 'the keys of the project could not be fetched, or a token names one that is not among them',
  refresh: 'a session could not be refreshed',
  service: 'the service could not be reached, or failed',
  response: 'a response was not of the service, but perhaps of a proxy. Check baseUrl',
  store: 'an operation of the store failed or took too long. Check that its client is connected',
  closed: 'the client is closed. Create it once, and close it when nothing needs it any more',
}

export function reportedOutage(error: unknown): Failure | undefined {
  const failure = outageFailure(error)
  if (failure !== undefined) reportOutage(error instanceof StoreError ? 'store' : 'keys')
  return failure
}

/** How to let a front end of another origin in. */
export function trustHint(origin: string): string {
  return `add trustedOrigins: ["${origin}"] to the options of createAuth, and open it by that address. For the app itself, set appUrl to its address.`
}

export function reportedVerify(error: CallError): Failure {
  report('verify', error)
  const failure = verifyFailure(error)
  const fix =
    'Check projectId and authManagementKey of the client, and that the method is enabled in the console.'
  if (failure.kind === 'unavailable') warnOfService('redeem a link', error, fix)
  return failure
}

/** What the error of a call for a signed-in user means, reported. */
export function reportedCall(error: CallError, failure: Failure): Failure {
  report('account', error)
  const fix = 'Check projectId and authManagementKey of the client.'
  if (failure.kind === 'unavailable') warnOfService('look up a signed-in user', error, fix)
  return failure
}

/** The service did not end a session. It stays valid there until it expires. */
export function reportLogout(errors: readonly CallError[]): void {
  for (const error of errors) report('logout', error)
}

/** The service's response to a verification held no session of this project. */
export function reportInvalidTokens(cause: unknown): void {
  refusals.publish({ step: 'tokens', code: codeOf(cause), cause } satisfies RefusedEvent)
}

/** A hook of the app threw. Each different error is printed once, with its stack. */
function reportHook(step: HookStep, cause: unknown): void {
  try {
    refusals.publish({ step, code: codeOf(cause), cause } satisfies RefusedEvent)
    if (appErrors.size >= maxAppErrors) return
    // Not every value has a text: an object without a prototype throws.
    const shown = inspect(cause, { depth: 0 })
    const name = cause instanceof Error ? String(cause) : shown
    appErrors.add(name)
    const text = cause instanceof Error ? (cause.stack ?? name) : shown
    warnOnce(`${step} ${name}`, hookFailed[step], text)
  } catch {
    warnOnce(step, hookFailed[step], 'What was thrown cannot be printed.')
  }
}

export type HookStep = keyof typeof hookFailed

const hookFailed = {
  'before-send': 'beforeSend failed, so no link was sent.',
  'on-sign-in': 'onSignIn failed, so the user was not signed in.',
  'on-account-change': 'onAccountChange failed. The change was made all the same.',
  'on-sign-out': 'onSignOut failed. The user was signed out all the same.',
  'on-failure': 'onFailure failed, so the response to a failure was the built-in one.',
  locale: 'locale did not return a language, so the one of the browser was used.',
  language: 'The texts of a language did not load, so a page was sent in English.',
  request: 'A function failed while a request for a sign-in or a session was handled.',
} as const

/** Runs a hook of the app, and tells what it returned; undefined where it threw, which is reported. */
export async function runHook<Told>(
  step: HookStep,
  hook: () => Told,
): Promise<{ readonly told: Awaited<Told> } | undefined> {
  try {
    return { told: await hook() }
  } catch (error) {
    reportHook(step, error)
    return undefined
  }
}

/**
 * What is thrown while a request is handled, by a function of the app or by code of ours, reported as a
 * failure. So the response has the cookies of a session that was refreshed.
 */
export function reportedError(cause: unknown): Failure {
  reportHook('request', cause)
  return { kind: 'app-error', cause }
}

export function reportCookies(cookie: string, bytes: number): void {
  const code = 'cookie_too_large'
  refusals.publish({ step: 'cookies', code } satisfies RefusedEvent)
  const message = `The cookie ${cookie} would take ${bytes} bytes, and browsers keep 4096.`
  const fix = 'Take custom claims, roles or tenants out of the session token in the console.'
  warnOnce(code, message, fix)
}

function report(step: RefusedEvent['step'], error: CallError): void {
  refusals.publish({
    step,
    code: error.errorCode,
    ...('status' in error && { status: error.status }),
  } satisfies RefusedEvent)
  if (error.code === 'ERR_CLOSED') reportOutage('closed')
  if (error.code === 'ERR_RESPONSE_INVALID') reportOutage('response', error)
  const isFailing = error.code === 'ERR_SERVICE_REFUSED' && error.status >= 500
  if (isFailing || error.code === 'ERR_NETWORK' || error.code === 'ERR_TIMEOUT') {
    reportOutage('service', error)
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'ERR_HOOK'
}

// Visitors must not be able to fill a log, nor an app's own errors to hide other warnings.
const maxWarnings = 100
const maxAppErrors = 20
const warned = new Set<string>()
const appErrors = new Set<string>()

export function warnOnce(key: string, message: string, detail: string): void {
  if (warned.has(key) || warned.size >= maxWarnings) return
  warned.add(key)
  process.emitWarning(message, { code: 'LINKPASS_SIGN_IN', detail })
}
