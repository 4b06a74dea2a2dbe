import { z } from 'zod'
import type { LoginIntent } from '../../world/links/link-store.ts'
import { maskEmail, maskPhone } from '../links/masking.ts'
import type { Profile } from '../../world/users/user-directory.ts'
import { addressIn } from '../../world/users/login-id.ts'
import { type EndpointResponse, type Call, readBody } from '../call.ts'
import { ServiceError } from '../service-error.ts'
import { claims, flag, loginOptions, optionalProfile, seconds } from '../schemas.ts'

/** The `amr` of a sign-in by embedded link. No source states it; our choice. */
export const embeddedFactor = 'embeddedlink'

// How long an embedded link works without a `timeout`. No source states it; our choice.
const embeddedLinkSeconds = 180

const embeddedSignInRequest = z.object({
  loginId: z.string().min(1),
  customClaims: claims,
  timeout: seconds,
})

/** `POST /v1/mgmt/user/signin/embeddedlink`: a token for magic-link verify, for an existing user. */
export function createSignInLink(call: Call): EndpointResponse {
  const { loginId, customClaims, timeout } = readBody(call, embeddedSignInRequest)
  const user = call.world.state.users.byLoginId(loginId)
  if (user === undefined) throw new ServiceError('managedUserNotFound', 'User not found')
  const details = { signUp: undefined, customClaims, claims: undefined, verifies: [] }
  return issue(call, loginId, user.profile, timeout, details)
}

const embeddedSignUpRequest = z.object({
  loginId: z.string().min(1),
  user: optionalProfile,
  emailVerified: flag,
  phoneVerified: flag,
  loginOptions,
  timeout: seconds,
})

/** `POST /v1/mgmt/user/signup/embeddedlink`: the same for a user who does not exist yet. */
export function createSignUpLink(call: Call): EndpointResponse {
  const body = readBody(call, embeddedSignUpRequest)
  if (call.world.state.users.byLoginId(body.loginId) !== undefined) {
    throw new ServiceError('userExists', 'User already exists')
  }
  const { email, phone } = addressIn(body.loginId)
  const profile: Profile = {
    ...body.user,
    email: body.user?.email ?? email,
    phone: body.user?.phone ?? phone,
  }
  const verifies = [
    body.emailVerified ? profile.email : undefined,
    body.phoneVerified ? profile.phone : undefined,
  ]
  return issue(call, body.loginId, profile, body.timeout, {
    signUp: profile,
    customClaims: undefined,
    claims: body.loginOptions?.customClaims,
    // No message is sent, so an address is verified only if the caller says so.
    verifies: verifies.filter((address) => address !== undefined),
  })
}

function issue(
  call: Call,
  loginId: string,
  { email, phone }: Profile,
  timeout: number | null | undefined,
  details: Pick<LoginIntent, 'signUp' | 'customClaims' | 'claims' | 'verifies'>,
): EndpointResponse {
  const { token } = call.world.state.links.issue({
    redirectUrl: '',
    method: 'embedded',
    intent: {
      type: 'login',
      loginId,
      amr: [embeddedFactor],
      stepUp: false,
      tenant: undefined,
      revokeOtherSessions: false,
      ...details,
    },
    expiresAt: call.world.clock.now() + (timeout || embeddedLinkSeconds) * 1000,
  })
  return {
    body: {
      token,
      maskedEmail: email === undefined ? '' : maskEmail(email),
      maskedPhone: phone === undefined ? '' : maskPhone(phone),
    },
  }
}
