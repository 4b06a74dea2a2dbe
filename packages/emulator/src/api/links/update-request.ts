import { type Channel, addressField, requireAddress } from './addresses.ts'
import { type Call, readBody, requireRefreshToken } from '../call.ts'
import { resolveRedirect } from './redirect.ts'
import { ServiceError } from '../service-error.ts'
import { updateEmailRequest, updatePhoneRequest } from '../schemas.ts'
import { type LinkKind, type OutgoingLink, defaultRedirect } from './send-link.ts'

/**
 * Reads the request for a new email address or phone number. The link goes to the new address,
 * which replaces the old one when the link is redeemed.
 *
 * @throws {ServiceError} the refresh token is missing or another user's, the body is not as
 *   documented, or with `failOnConflict` the address belongs to another user
 */
export async function readUpdateRequest(
  call: Call,
  kind: LinkKind,
  channel: Channel,
): Promise<OutgoingLink> {
  const { user, session } = await requireRefreshToken(call)
  const field = addressField(channel)
  const body =
    field === 'email'
      ? withValue(readBody(call, updateEmailRequest), 'email')
      : withValue(readBody(call, updatePhoneRequest), 'phone')
  const { users } = call.world.state
  if (users.byLoginId(body.loginId) !== user) {
    throw new ServiceError(
      'unauthorized',
      'The refresh token belongs to another user',
      'loginId must be one of the login ids of the user whose refresh token this is.',
    )
  }
  const to = requireAddress(channel, body.value)
  const other = users.byLoginId(to)
  if (body.failOnConflict && other !== undefined && other !== user) {
    throw new ServiceError('updateConflict', 'Another user has this login ID')
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
      claims: session.claims,
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
