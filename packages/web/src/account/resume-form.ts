import type { RouteContext } from '../context.ts'
import { identify } from '../guard/identify.ts'
import { findForm } from '../guard/interrupted-form.ts'
import { resumePage } from '../pages/resume-page.ts'
import { pathOfTarget } from '../paths.ts'
import { queryOf } from '../request/request-reader.ts'
import { failureResponse } from '../response/failure-response.ts'
import { pageResponse } from '../response/page-response.ts'
import type { WebResponse } from '../response/response.ts'
import { accountFailure } from './current-user.ts'

/**
 * `GET /step-up/resume?form=`: the form that a step-up interrupted, with a button that sends it. Nothing
 * is sent without a click.
 */
export async function showResumedForm(context: RouteContext): Promise<WebResponse> {
  const { request, settings, site, target } = context
  const { outcome, failure } = await identify(site, request)
  if (failure !== undefined) {
    return accountFailure(context, failure, pathOfTarget(settings, target))
  }
  const id = queryOf(target).get('form') ?? ''
  const userId = outcome.status === 'signed-in' ? outcome.session.userId : ''
  const form = await findForm(context, id, userId)
  if (form === undefined) {
    return failureResponse(context, { kind: 'attempt-ended' }, { url: settings.pages.afterSignIn })
  }
  return pageResponse(settings.brand, resumePage(form), { posts: true })
}
