import { type Channel, addressField, requireAddress } from './addresses.ts'
import { type Call, readBody, requireRefreshToken } from '../call.ts'
import { resolveRedirect } from './redirect.ts'
import { Refusal } from '../service-error.ts'
import { updateEmailRequest, updatePhoneRequest } from '../schemas.ts'
import { type LinkKind, type Start, defaultRedirect } from './send-link.ts'

/**
 * Reads the request for a new email address or phone number. The link goes to the new address,
 * which counts only once it is verified.
 *
 * @throws {Refusal} no or somebody else's refresh token, a body that is not as documented, an
 *   address that is another user's when `failOnConflict` asks to know
 */
export async function readUpdate(call: Call, kind: LinkKind, channel: Channel): Promise<Start> {
  const { user, session } = await requireRefreshToken(call)
  const field = addressField(channel)
  const body =
    field === 'email'
      ? withValue(readBody(call, updateEmailRequest), 'email')
      : withValue(readBody(call, updatePhoneRequest), 'phone')
  const { users } = call.world.state
  if (users.byLoginId(body.loginId) !== user) {
    throw new Refusal(
      'unauthorized',
      'The refresh token belongs to another user',
      'loginId must be one of the login ids of the person whose refresh token this is.',
    )
  }
  const to = requireAddress(channel, body.value)
  const other = users.byLoginId(to)
  if (body.failOnConflict && other !== undefined && other !== user) {
    throw new Refusal('updateConflict', 'Another user has this login ID')
  }
  return {
    kind,
    channel,
    purpose: `update-${field}`,
    to,
    redirectUrl: resolveRedirect(call.world, body, defaultRedirect(call.world, kind)),
    intent: {
      type: 'update',
      userId: user.userId,
      field,
      value: to,
      amr: session.amr,
      customClaims: session.customClaims,
      tenant: session.tenant,
      addToLoginIds: body.addToLoginIDs,
      onMergeUseExisting: body.onMergeUseExisting,
      failOnConflict: body.failOnConflict,
    },
    messageOptions: {
      templateId: body.templateId,
      templateOptions: body.templateOptions,
      locale: body.locale,
      providerId: body.providerId,
    },
    pkceChallenge: undefined,
  }
}

function withValue<K extends string, B extends Record<K, string>>(
  body: B,
  field: K,
): B & { value: string } {
  return { ...body, value: body[field] }
}
