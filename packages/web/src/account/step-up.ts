import type { DeliveryMethod } from '@linkpass/core'
import type { RouteContext } from '../context.ts'
import { loginOptionsOf } from '../attempt/send-link.ts'
import { newCode } from '../enchanted-link/code.ts'
import { identify } from '../guard/identify.ts'
import { keepForm, newFormId, openForm } from '../guard/interrupted-form.ts'
import { returnPath } from '../paths.ts'
import { readBody } from '../request/body.ts'
import type { WebResponse } from '../response/response.ts'
import { accountFailure, currentUser } from './current-user.ts'
import { decideBegin } from './decide.ts'
import { sendAccountLink } from './send-account-link.ts'

/**
 * `POST /step-up`: sends the signed-in user a link, whose session counts as stepped up. 202 with a masked
 * address and the code for JSON clients, a 303 to the check-inbox page for forms. The code confirms the
 * step-up where the link is opened in another browser.
 */
export async function requestStepUp(context: RouteContext): Promise<WebResponse> {
  const { client, request, settings, site } = context
  const body = await readBody(context, ['returnTo', 'form'])
  if (!body.ok) return accountFailure(context, body.failure)
  const returnTo = returnPath(settings, body.fields.get('returnTo'))
  const { failure } = await identify(site, request)
  const { maxAgeSeconds } = settings.account
  const facts = { missingOption: undefined, failure, stepUpAgeSeconds: undefined, maxAgeSeconds }
  const refused = decideBegin({ kind: 'step-up', ...facts })
  if (refused !== undefined) return accountFailure(context, refused, returnTo)
  const found = await currentUser(context)
  if (!found.ok) return accountFailure(context, found.failure, returnTo)
  const { loginId, refreshJwt, userId } = found.user
  const form = openForm(context, body.fields.get('form') ?? '', userId)
  const formId = newFormId()
  const method: DeliveryMethod = loginId.includes('@') ? 'email' : 'sms'
  const options = { ...(await loginOptionsOf(context)), stepup: true }
  const then = form ? `${settings.basePath}/step-up/resume?form=${formId}` : returnTo
  const attempt = { method, loginId, returnTo: then, purpose: 'step-up', code: newCode() } as const
  return sendAccountLink(context, found.user, attempt, async (uri) => {
    if (form !== undefined) await keepForm(context, formId, form)
    return client.magicLink.signIn[method](loginId, uri, options, refreshJwt)
  })
}
