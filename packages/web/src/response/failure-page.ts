import type { Failure } from '../failure.ts'
import { donePage } from '../pages/done-page.ts'
import { type ErrorKind, errorPage } from '../pages/error-page.ts'
import type { FormTarget, PageSite } from '../pages/layout.ts'

/** The one way on from an error page: an address, or the same request once more. */
export type WayForward = FormTarget | { readonly url: string }

/** The page for a failure: a plain sentence, and one way on. */
export function failurePage(site: PageSite, failure: Failure, forward: WayForward): string {
  const kind = errorKindOf(failure)
  if (kind === undefined) {
    const url = 'url' in forward ? forward.url : forward.action
    return donePage(site, { kind: 'signed-out', forward: { url, label: 'Sign in' } })
  }
  const wait = 'retryAfterSeconds' in failure ? failure.retryAfterSeconds : undefined
  return errorPage(site, {
    kind,
    forward,
    ...(wait !== undefined && { retryAfterSeconds: Math.ceil(wait) }),
  })
}

/** Which error page a failure gets; undefined for being signed out, which is no error. */
function errorKindOf(failure: Failure): ErrorKind | undefined {
  switch (failure.kind) {
    case 'signed-out':
    case 'conflicting-cookies':
      return undefined
    case 'link-used-or-expired':
    case 'link-unknown':
    case 'attempt-ended':
    case 'send-refused':
    case 'cross-site':
    case 'not-enabled':
    case 'too-many':
    case 'unavailable':
      return failure.kind
    case 'attempt-refused':
      return failure.reason === 'code' ? 'code-refused' : failure.kind
    case 'forbidden':
    case 'step-up-needed':
      return 'not-allowed'
    case 'wrong-code':
    case 'bad-request':
    case 'body-too-large':
    case 'unsupported-body':
    case 'method-not-allowed':
      return 'bad-request'
    case 'sign-in-refused':
    case 'bad-response':
    case 'cookie-too-large':
      return 'sign-in-failed'
  }
}
