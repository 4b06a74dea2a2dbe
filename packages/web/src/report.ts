/**
 * What a response does not tell, for the operator of the app. It is published on the channel
 * `linkpass:sign-in:refused` of `node:diagnostics_channel`, and printed as a process warning where
 * the deployment is at fault. Codes and names only, never a token or an address; except what a hook of
 * the app threw, which is passed on as it is.
 */
import { type Channel, channel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { type CallError, StoreError, type Unavailable } from '@linkpass/core'
import type { Failure } from './failure.ts'
import { isOfVisitor, outageFailure, verifyFailure } from './service-failure.ts'

/** A hook of the app, as a step. */
export type HookStep =
  | 'before-send'
  | 'on-sign-in'
  | 'on-account-change'
  | 'on-sign-out'
  | 'on-failure'
  | 'locale'
  | 'language'
  | 'request'

/** The message of `linkpass:sign-in:refused`. */
export interface RefusedEvent {
  /** The step that failed. */
  readonly step: 'send' | 'verify' | 'logout' | HookStep | 'tokens' | 'cookies'
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

const sent = channel('linkpass:sign-in:sent')
/** Where a {@link RedeemedEvent} is published. Not by a function, which each redeemed link would run. */
export const redeemed: Channel = channel('linkpass:sign-in:redeemed')

/** Publishes what became of a request for a link. */
export function reportSent(event: SentEvent): void {
  sent.publish(event)
}

const warningCode = 'LINKPASS_SIGN_IN'
/** Visitors must not be able to fill a log, nor an app's own errors to hide other warnings. */
const maxWarnings = 100
const maxAppErrors = 20

const refusals = channel('linkpass:sign-in:refused')

/** The service did not send a link. The visitor gets the same response as if it had. */
export function reportSend(error: CallError): void {
  report('send', error)
  if (error.code === 'ERR_ARGUMENT' && !isOfVisitor(error)) {
    warnOnce(
      error.message,
      `No link was sent: ${error.message}`,
      'Check loginOptions of createAuth.',
    )
  }
  if (isExpected(error.errorCode)) return
  const fix =
    'Check projectId and authManagementKey of the client, and in the console that the method is enabled and the domain of appUrl approved.'
  warnOfService('send', error, fix)
}

function warnOfService(verb: 'send' | 'redeem', error: CallError, fix: string): void {
  if (error.code !== 'ERR_SERVICE_REFUSED' || error.status >= 500) return
  const { errorCode, errorDescription, status } = error
  if (errorCode === '') {
    warnOnce(
      `${verb} no code`,
      `A request to ${verb} a link got status ${status} without a code of the service.`,
      'Check baseUrl, and any proxy between this app and the service.',
    )
  } else {
    const message = `The service did not ${verb} a link: ${errorCode} ${errorDescription}.`
    warnOnce(`${verb} ${errorCode}`, message, fix)
  }
}

/**
 * All requests count as one sender, such as a proxy that the framework does not trust.
 *
 * @param fix how the app tells its framework the address of the client
 */
export function reportUnknownSender(fix: string): void {
  warnOnce(
    'unknown sender',
    'Links are limited per IP address, and all requests seem to come from one.',
    `${fix} Or set limits.perIp for all users together.`,
  )
}

/** Something in front has read the body, and left no object of its fields. */
export function reportUnparsedBody(): void {
  warnOnce(
    'unparsed body',
    'A request for a sign-in got 400, because its body was read before the sign-in routes saw it, and not parsed.',
    'Put the sign-in routes before what reads bodies. Or, in Express, parse them there: express.json(), express.urlencoded(). Or, of a Request, read a clone().',
  )
}

/** What is unavailable. `service` is any call but a refresh; `closed` is the app's own client. */
type Outage = Unavailable['what'] | 'service' | 'closed'

/** An outage, for which requests get 503. Each kind is printed once. */
export function reportOutage(what: Outage): void {
  warnOnce(
    `outage ${what}`,
    `Requests for a sign-in or a session get 503: ${outages[what]}.`,
    'This is printed once. The channels linkpass:request:error and linkpass:sign-in:refused have each case.',
  )
}

const outages: Readonly<Record<Outage, string>> = {
  keys: 'the keys of the project could not be fetched, or a token names one that is not among them',
  refresh: 'a session could not be refreshed',
  service: 'the service could not be reached, or failed',
  store: 'an operation of the store failed or took too long',
  closed: 'the client is closed. Create it once, and close it when nothing needs it any more',
}

/** {@link outageFailure}, reported. */
export function reportedOutage(error: unknown): Failure | undefined {
  const failure = outageFailure(error)
  if (failure !== undefined) reportOutage(error instanceof StoreError ? 'store' : 'keys')
  return failure
}

/**
 * A front end on this machine sent an unsafe request to an app in development.
 *
 * @param front its origin as the same site as the app
 */
export function reportUntrustedOrigin(origin: string, front: string): void {
  warnOnce(
    `origin ${origin}`,
    `A request from ${origin} was refused as cross-site.`,
    `If it is a front end of this app, ${trustHint(front)}`,
  )
}

/** How to let a front end of another origin in. */
export function trustHint(origin: string): string {
  return `add trustedOrigins: ["${origin}"] to the options of createAuth, and open it by that address.`
}

/** The service did not redeem a link. */
export function reportVerify(error: CallError): void {
  report('verify', error)
  if (verifyFailure(error).kind !== 'unavailable') return
  const fix =
    'Check projectId and authManagementKey of the client, and that the method is enabled in the console.'
  warnOfService('redeem', error, fix)
}

/** The service did not end a session. It stays valid there until it expires. */
export function reportLogout(error: CallError): void {
  report('logout', error)
}

/** The service's response to a verification held no session of this project. */
export function reportInvalidTokens(cause: unknown): void {
  refusals.publish({ step: 'tokens', code: codeOf(cause), cause } satisfies RefusedEvent)
}

/** A hook of the app threw. Each different error is printed once, with its stack. */
export function reportHook(step: HookStep, cause: unknown): void {
  refusals.publish({ step, code: codeOf(cause), cause } satisfies RefusedEvent)
  if (appErrors.size >= maxAppErrors) return
  // Not every value has a text: an object without a prototype throws.
  const shown = inspect(cause, { depth: 0 })
  const name = cause instanceof Error ? String(cause) : shown
  appErrors.add(name)
  const text = cause instanceof Error ? (cause.stack ?? name) : shown
  warnOnce(`${step} ${name}`, hookThrew[step], text)
}

const hookThrew: Readonly<Record<HookStep, string>> = {
  'before-send': 'beforeSend threw, so no link was sent.',
  'on-sign-in': 'onSignIn threw, so the user was not signed in.',
  'on-account-change': 'onAccountChange threw. The change was made all the same.',
  'on-sign-out': 'onSignOut threw. The user was signed out all the same.',
  'on-failure': 'onFailure threw, so the response to a failure was the built-in one.',
  locale: 'locale did not return a language, so the one of the browser was used.',
  language: 'The texts of a language did not load, so a page was sent in English.',
  request: 'A function threw while a request for a sign-in or a session was handled.',
}

/**
 * What is thrown while a request is handled, by a function of the app or by code of ours, reported as a
 * failure. So the response has the cookies of a session that was refreshed.
 */
export function reportedError(cause: unknown): Failure {
  reportHook('request', cause)
  return { kind: 'app-error', cause }
}

/** A session does not fit into the cookies that browsers keep. */
export function reportCookies(cookie: string, bytes: number): void {
  refusals.publish({ step: 'cookies', code: 'cookie_too_large' } satisfies RefusedEvent)
  warnOnce(
    'cookie_too_large',
    `The cookie ${cookie} would take ${bytes} bytes, and browsers keep 4096.`,
    'Take custom claims, roles or tenants out of the session token in the console.',
  )
}

function report(step: RefusedEvent['step'], error: CallError): void {
  refusals.publish({
    step,
    code: error.errorCode,
    ...('status' in error && { status: error.status }),
  } satisfies RefusedEvent)
  if (error.code === 'ERR_CLOSED') reportOutage('closed')
  const isFailing = error.code === 'ERR_SERVICE_REFUSED' && error.status >= 500
  if (isFailing || error.code === 'ERR_NETWORK' || error.code === 'ERR_TIMEOUT') {
    reportOutage('service')
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'ERR_HOOK'
}

// An address with an account, without one, or of another user; a session that ended just now.
function isExpected(errorCode: string): boolean {
  return ['E062107', 'E062108', 'E062125', 'E061005', 'E064001'].includes(errorCode)
}

const warned = new Set<string>()
const appErrors = new Set<string>()

function warnOnce(key: string, message: string, detail: string): void {
  if (warned.has(key) || warned.size >= maxWarnings) return
  warned.add(key)
  process.emitWarning(message, { code: warningCode, detail })
}
