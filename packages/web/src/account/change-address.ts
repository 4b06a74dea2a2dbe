import { offeredMethod } from '../attempt/sign-in-form.ts'
import { stepUpAgeSeconds } from '../attempt/browser-cookie.ts'
import type { RouteContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import { identify } from '../guard/identify.ts'
import { returnPath } from '../paths.ts'
import { readBody } from '../request/body.ts'
import { localeOf } from '../request/locale.ts'
import { parseLoginId } from '../request/login-id.ts'
import type { WebResponse } from '../response/response.ts'
import { accountFailure, currentUser } from './current-user.ts'
import { decideBegin } from './decide.ts'
import { sendAccountLink } from './send-account-link.ts'

const methodsOf = { email: ['email'], phone: ['sms', 'whatsapp'] } as const

/**
 * `POST /email` and `POST /phone`: sends a link to a new address or number, which becomes the user's
 * once the link is redeemed. A number is reached by SMS or WhatsApp.
 */
export async function requestAddressChange(
  context: RouteContext,
  field: 'email' | 'phone',
): Promise<WebResponse> {
  const { client, settings } = context
  const refused = await refusalOf(context, field)
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

async function refusalOf(
  context: RouteContext,
  field: 'email' | 'phone',
): Promise<Failure | undefined> {
  const { account } = context.settings
  const { outcome, failure } = await identify(context.site, context.request)
  const session = outcome.status === 'signed-in' ? outcome.session : undefined
  return decideBegin({
    kind: `change-${field}`,
    missingOption: account[field] ? undefined : `account: { ${field}: true }`,
    failure,
    stepUpAgeSeconds: session && stepUpAgeSeconds(context, session),
    maxAgeSeconds: account.maxAgeSeconds,
  })
}
