import type { MessageOptions } from '../../world/messages/message.ts'
import { addressIn } from '../../world/users/login-id.ts'
import type { Profile } from '../../world/users/user-directory.ts'
import { type Call, readBody, requireActive } from '../call.ts'
import { type LoginOptions, type RedirectFields, signInRequest, signUpRequest } from '../schemas.ts'
import { ServiceError } from '../service-error.ts'
import { type Channel, addressField, addressOf } from './addresses.ts'
import { loginIntent } from './login-intent.ts'
import { resolveRedirect } from './redirect.ts'
import { type LinkKind, type OutgoingLink, defaultRedirect } from './send-link.ts'

/** The three endpoints that send a sign-in link, by the users that each one accepts. */
export type SignInMode = 'sign-up' | 'sign-in' | 'sign-up-or-in'

/**
 * Reads the request of a sign-up, sign-in or sign-up-or-in.
 *
 * @throws {ServiceError} the body is not as documented, a sign-up names a known login id, a sign-in
 *   names an unknown one, the redirect is not approved, or a step-up has no refresh token
 */
export async function readSignInRequest(
  call: Call,
  kind: LinkKind,
  channel: Channel,
  mode: SignInMode,
): Promise<OutgoingLink> {
  const body = mode === 'sign-up' ? readSignUpBody(call, channel) : readSignInBody(call)
  const { loginId, options } = body
  const known = call.world.state.users.byLoginId(loginId)
  if (mode === 'sign-up' && known !== undefined) {
    throw new ServiceError('userExists', 'User already exists', 'Use sign-in, or sign-up-or-in.')
  }
  if (mode === 'sign-in' && known === undefined) {
    throw new ServiceError('userNotFound', 'Cannot find user', 'Use sign-up, or sign-up-or-in.')
  }
  if (known !== undefined) requireActive(known)
  const profile = known?.profile ?? body.profile
  const to = addressOf(channel, profile, loginId)
  const intent = await loginIntent(call, {
    loginId,
    verifies: [to],
    factor: channel,
    signUp: mode === 'sign-in' ? undefined : { ...profile, [addressField(channel)]: to },
    options,
  })
  return {
    kind,
    channel,
    purpose: mode,
    to,
    redirectUrl: resolveRedirect(call.world, body, defaultRedirect(call.world, kind)),
    intent,
    messageOptions: { ...body.message, customClaims: options?.customClaims },
    pkceChallenge: options?.pkceChallenge,
  }
}

interface SignInBody extends RedirectFields {
  loginId: string
  profile: Profile
  options: LoginOptions | undefined
  message: MessageOptions
}

function readSignInBody(call: Call): SignInBody {
  const body = readBody(call, signInRequest)
  return { ...redirectOf(body), loginId: body.loginId, profile: {}, ...optionsOf(body) }
}

function readSignUpBody(call: Call, channel: Channel): SignInBody {
  const body = readBody(call, signUpRequest)
  const { loginId: userLoginId, ...user } = body.user ?? {}
  const given: Profile = user
  const profile: Profile = {
    ...given,
    email: given.email ?? body.email,
    phone: given.phone ?? body.phone ?? body.whatsapp,
  }
  const loginId = body.loginId ?? userLoginId ?? profile[addressField(channel)]
  if (loginId === undefined) {
    throw new ServiceError('invalidRequest', 'The loginId field is required')
  }
  const { email, phone } = addressIn(loginId)
  profile.email ??= email
  profile.phone ??= phone
  return { ...redirectOf(body), loginId, profile, ...optionsOf(body) }
}

function redirectOf({ redirectUrl, URI }: RedirectFields): RedirectFields {
  return { redirectUrl, URI }
}

function optionsOf(body: {
  loginOptions: LoginOptions | undefined
  providerId: string | undefined
  templateId: string | undefined
}): Pick<SignInBody, 'options' | 'message'> {
  const options = body.loginOptions
  return {
    options,
    message: {
      templateId: options?.templateId ?? body.templateId,
      templateOptions: options?.templateOptions,
      locale: options?.locale,
      providerId: body.providerId,
    },
  }
}
