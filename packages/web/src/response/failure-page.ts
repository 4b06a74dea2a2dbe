import type { Failure } from '../failure.ts'
import { donePage } from '../pages/done-page.ts'
import { type ErrorKind, errorPage } from '../pages/error-page.ts'
import type { FormTarget, Page } from '../pages/layout.ts'

/** The one way on from an error page: an address, or the same request once more. */
export type WayForward = FormTarget | { readonly url: string }

/** The page for a failure: a plain sentence, and one way on. */
export function failurePage(failure: Failure, forward: WayForward): Page {
  const kind = errorKindOf(failure)
  if (kind === undefined) {
    const url = 'url' in forward ? forward.url : forward.action
    return donePage({ kind: 'session-ended', url })
  }
  const wait = 'retryAfterSeconds' in failure ? failure.retryAfterSeconds : undefined
  return errorPage({
    kind,
    forward,
    ...(wait !== undefined && { retryAfterSeconds: Math.ceil(wait) }),
  })
}

/** Which error page a failure gets; undefined for being signed out, which is no error. */
function errorKindOf(failure: Failure): ErrorKind | undefined {
  if (failure.kind === 'attempt-refused' && failure.reason === 'code') return 'code-refused'
  return errorKinds[failure.kind]
}

const errorKinds: Readonly<Record<Failure['kind'], ErrorKind | undefined>> = {
  'signed-out': undefined,
  'conflicting-cookies': undefined,
  'link-used-or-expired': 'link-used-or-expired',
  'link-unknown': 'link-unknown',
  'attempt-refused': 'attempt-refused',
  'attempt-ended': 'attempt-ended',
  'send-refused': 'send-refused',
  'cross-site': 'cross-site',
  'not-enabled': 'not-enabled',
  'too-many': 'too-many',
  unavailable: 'unavailable',
  'app-error': 'unavailable',
  forbidden: 'not-allowed',
  'step-up-needed': 'not-allowed',
  'wrong-code': 'bad-request',
  'bad-request': 'bad-request',
  'body-too-large': 'bad-request',
  'unsupported-body': 'bad-request',
  'method-not-allowed': 'bad-request',
  'sign-in-refused': 'sign-in-failed',
  'bad-response': 'sign-in-failed',
  'cookie-too-large': 'sign-in-failed',
}
