import type { DeliveryMethod, MaskedEmail, MaskedPhone, Result } from '@linkpass/core'
import { randomToken } from '@linkpass/core/internal'
import { type AttemptDetails, newAttempt } from '../attempt/attempt.ts'
import { keepBoundAttempt, sessionNameOf } from '../attempt/bound-attempt.ts'
import { browserRecordFor, stepUpAgeSeconds } from '../attempt/browser-record.ts'
import { loginOptionsOf, sendAttempt } from '../attempt/send-link.ts'
import { offeredMethod } from '../attempt/sign-in-form.ts'
import type { RouteContext } from '../context.ts'
import { newCode } from '../enchanted-link/code.ts'
import { identify } from '../guard/identify.ts'
import { findForm, keepForm, openForm } from '../guard/interrupted-form.ts'
import { resumePage } from '../pages/step-up-pages.ts'
import { pathOfTarget, returnPath } from '../paths.ts'
import { readBody } from '../request/body.ts'
import { browserNameOf } from '../request/browser-name.ts'
import { localeOf } from '../request/locale.ts'
import { maskLoginId, parseLoginId } from '../request/login-id.ts'
import { queryOf } from '../request/request-reader.ts'
import { failureResponse } from '../response/failure-response.ts'
import { pageResponse } from '../response/page-response.ts'
import type { WebResponse } from '../response/response.ts'
import { type CurrentUser, accountFailure, currentUser } from './current-user.ts'
import { decideChange } from './decide.ts'

/**
 * `POST /step-up`: sends the signed-in user a link, whose session counts as stepped up. 202 with the masked
 * address and a code for JSON clients, a 303 to the check-inbox page for forms. The code confirms the step-up
 * where the link is opened in another browser.
 */
export async function requestStepUp(context: RouteContext): Promise<WebResponse> {
  const { client, settings } = context
  const body = await readBody(context, ['returnTo', 'form'])
  if (!body.ok) return accountFailure(context, body.failure)
  const returnTo = returnPath(settings, body.fields.get('returnTo'))
  const found = await currentUser(context)
  if (!found.ok) return accountFailure(context, found.failure, returnTo)
  const { loginId, refreshJwt, session } = found.user
  const form = openForm(context, body.fields.get('form') ?? '', session.userId)
  const formId = randomToken()
  const method: DeliveryMethod = loginId.includes('@') ? 'email' : 'sms'
  const options = { ...(await loginOptionsOf(context)), stepup: true }
  const then = form ? `${settings.basePath}/step-up/resume?form=${formId}` : returnTo
  const attempt = { method, loginId, returnTo: then, purpose: 'step-up', code: newCode() } as const
  return sendAccountLink(context, found.user, attempt, async (uri) => {
    if (form !== undefined) await keepForm(context, formId, form)
    return client.magicLink.signIn[method](loginId, uri, options, refreshJwt)
  })
}

/** `GET /step-up/resume?form=`: the form that a step-up interrupted, with a button. Nothing is sent without a click. */
export async function showResumedForm(context: RouteContext): Promise<WebResponse> {
  const { request, settings, site, target } = context
  const { session, failure } = await identify(site, request)
  if (failure !== undefined) {
    return accountFailure(context, failure, pathOfTarget(settings, target))
  }
  const form = await findForm(context, queryOf(target).get('form') ?? '', session.userId)
  if (form === undefined) {
    return failureResponse(context, { kind: 'attempt-ended' }, { url: settings.pages.afterSignIn })
  }
  return pageResponse(resumePage(form))
}

const methodsOf = { email: ['email'], phone: ['sms', 'whatsapp'] } as const

/**
 * `POST /email` and `POST /phone`: sends a link to a new address or number, which becomes the user's
 * once the link is redeemed. A number is reached by SMS or WhatsApp. Responds as to a step-up, without a code.
 */
export async function requestAddressChange(
  context: RouteContext,
  field: 'email' | 'phone',
): Promise<WebResponse> {
  const { client, request, settings, site } = context
  const { session, failure } = await identify(site, request)
  const refused = decideChange({
    missingOption: settings.account[field] ? undefined : `account: { ${field}: true }`,
    failure,
    stepUpAgeSeconds: session && stepUpAgeSeconds(context, session),
    maxAgeSeconds: settings.account.maxAgeSeconds,
  })
  if (refused !== undefined) return accountFailure(context, refused)
  const body = await readBody(context, [field, 'method', 'returnTo'])
  if (!body.ok) return accountFailure(context, body.failure)
  const method = offeredMethod(body.fields, methodsOf[field])
  if (method === undefined) {
    return accountFailure(context, { kind: 'bad-request', field: 'method' })
  }
  const typed = body.fields.get(field)
  const address = await parseLoginId(typed, method, settings.defaultCountry)
  if (address === undefined) return accountFailure(context, { kind: 'bad-request', field })
  const found = await currentUser(context)
  if (!found.ok) return accountFailure(context, found.failure)
  const { loginId, refreshJwt } = found.user
  const { email, phone } = client.magicLink.update
  const update = method === 'email' ? email : phone[method]
  const returnTo = returnPath(settings, body.fields.get('returnTo'))
  const { service: locale } = await localeOf(context)
  // By default the service merges two users into one account when one takes the other's address. Anyone
  // who names the address of another user, and gets them to open a link, would take over their account.
  const options = { failOnConflict: true, ...(locale !== undefined && { locale }) }
  const attempt = { method, loginId: address, returnTo, purpose: 'update' } as const
  return sendAccountLink(context, found.user, attempt, (uri) =>
    update(loginId, address, uri, refreshJwt, options),
  )
}

/** Sends a link that is bound to the user and the session that asked. */
async function sendAccountLink(
  context: RouteContext,
  user: CurrentUser,
  details: Omit<AttemptDetails, 'userId'>,
  send: (uri: string) => Promise<Result<MaskedEmail | MaskedPhone>>,
): Promise<WebResponse> {
  const { session, loginId, refreshJwt } = user
  const { userId, claims } = session
  const attempt = newAttempt(context, { ...details, userId })
  return sendAttempt(context, attempt, {}, async (uri) => {
    // Without it the link could not be refused later, so it is kept first.
    await keepBoundAttempt(context, attempt.state, {
      userId,
      browser: browserRecordFor(context).browser,
      session: sessionNameOf(context.sealer, refreshJwt),
      issuedAt: claims.iat,
      account: maskLoginId(loginId),
      address: attempt.loginId,
      requestedFrom: browserNameOf(context.header('user-agent') ?? ''),
      code: attempt.code,
      createdAt: attempt.createdAt,
    })
    return send(uri)
  })
}
