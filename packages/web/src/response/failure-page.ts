import { type Failure, errorPageOf } from '../failure.ts'
import { donePage } from '../pages/done-page.ts'
import { errorPage } from '../pages/error-page.ts'
import type { Page, WayForward } from '../pages/layout.ts'

/** The page for a failure: a plain sentence, and one way on. */
export function failurePage(failure: Failure, forward: WayForward): Page {
  const kind = errorPageOf(failure)
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
