/**
 * What an answer does not tell, for whoever runs the app: published on the channel
 * `linkpass:sign-in:refused` of `node:diagnostics_channel`, and printed as a process warning where
 * it says that the deployment is wrong. Codes and names only; never a token or an address. Only what
 * the app's own `onSignIn` threw is told as it is.
 */
import { channel } from 'node:diagnostics_channel'
import type { CallError } from '@linkpass/core'
import type { Failure } from '@linkpass/web'
import { createErrorKinds, kindOf, textOf } from './error-kinds.ts'

/** The message of `linkpass:sign-in:refused`. */
export interface RefusedEvent {
  /** What was refused. */
  readonly step: 'send' | 'verify' | 'logout' | 'on-sign-in' | 'tokens' | 'cookies'
  /** The service's own code, or ours. */
  readonly code: string
  /** The service's status, where it answered. */
  readonly status?: number
  /** The error itself, for a step of ours or of the app. */
  readonly cause?: unknown
}

const warningCode = 'LINKPASS_SIGN_IN'

const refusals = channel('linkpass:sign-in:refused')

/** The service refused to send a link. The visitor is told the same as if it had. */
export function reportStart(error: CallError): void {
  report('send', error)
  const isRefusal = error.code === 'ERR_SERVICE_REFUSED' && error.status < 500
  if (isRefusal && error.errorCode === '') {
    warnOnce(
      'no code',
      `What answered an attempt with status ${error.status} was not the service.`,
      'Is baseUrl right, and what stands in between?',
    )
  } else if (isRefusal && !isEveryday(error.errorCode)) {
    warnOnce(
      error.errorCode,
      `The service refused to send a link: ${error.errorCode} ${error.errorDescription}.`,
      'Is the method enabled in the console, and is the domain of appUrl approved there?',
    )
  }
}

/** Requests come through a proxy that Express was not told of: all of them count as one sender. */
export function reportUntrustedProxy(): void {
  warnOnce(
    'trust proxy',
    'Links are limited per IP address, and every request has that of the proxy in front.',
    "Say how many proxies there are: app.set('trust proxy', 1). Or set limits.perIp for all.",
  )
}

/** The service refused a link. */
export function reportVerify(error: CallError): void {
  report('verify', error)
}

/** The service did not end a session; it lives on there until it expires. */
export function reportLogout(error: CallError): void {
  report('logout', error)
}

/** What a sign-in brought was no session of this project, or the app's `onSignIn` threw. */
export function reportRefusal(step: 'on-sign-in' | 'tokens', cause: unknown): void {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'ERR_ON_SIGN_IN'
  refusals.publish({ step, code, cause } satisfies RefusedEvent)
  if (step === 'on-sign-in') warnOfApp(cause)
}

const admitErrorOfApp = createErrorKinds(20)

// Each new trouble of the app once, with its stack: who reads the terminal wrote what threw.
function warnOfApp(cause: unknown): void {
  const admission = admitErrorOfApp(kindOf(cause))
  if (admission === 'silent') return
  const last = 'Others are told on the channel linkpass:sign-in:refused alone from here on.'
  const detail = admission === 'print' ? textOf(cause) : `${textOf(cause)}\n${last}`
  process.emitWarning('onSignIn threw, so nobody was signed in.', { code: warningCode, detail })
}

/** A session that no browser would keep. */
export function reportCookies(failure: Failure): void {
  if (failure.kind !== 'cookie-too-large') return
  const { cookie, bytes } = failure
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
}

// An address that has an account, has none, or is somebody else's; a session that ended just now.
function isEveryday(errorCode: string): boolean {
  return ['E062107', 'E062108', 'E062125', 'E061005', 'E064001'].includes(errorCode)
}

const warned = new Set<string>()

// Once per code: the first says what is wrong, and a visitor must not be able to fill a log.
function warnOnce(code: string, message: string, detail: string): void {
  if (warned.has(code) || warned.size >= 100) return
  warned.add(code)
  process.emitWarning(message, { code: warningCode, detail })
}
