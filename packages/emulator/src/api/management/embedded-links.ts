import { z } from 'zod'
import type { LoginIntent } from '../../world/links/link-store.ts'
import { maskEmail, maskPhone } from '../links/masking.ts'
import type { Profile } from '../../world/users/user-directory.ts'
import { isEmail } from '../links/addresses.ts'
import { type Answer, type Call, readBody } from '../call.ts'
import { Refusal } from '../service-error.ts'
import { claims, flag, loginOptions, optionalProfile } from '../schemas.ts'

/** The `amr` of a sign-in by embedded link; no source says. */
export const embeddedFactor = 'embeddedlink'

// How long an embedded link works when the caller does not say; no source says.
const embeddedLinkSeconds = 180

const embeddedSignInRequest = z.object({
  loginId: z.string().min(1),
  customClaims: claims,
  timeout: z.int().nullish(),
})

/** `POST /v1/mgmt/user/signin/embeddedlink`: a token for magic-link verify, for a known person. */
export function embedSignIn(call: Call): Answer {
  const { loginId, customClaims, timeout } = readBody(call, embeddedSignInRequest)
  const user = call.world.state.users.byLoginId(loginId)
  if (user === undefined) throw new Refusal('managedUserNotFound', 'User not found')
  const what = { signUp: undefined, customClaims, verifies: [] }
  return embed(call, loginId, user.profile, timeout, what)
}

const embeddedSignUpRequest = z.object({
  loginId: z.string().min(1),
  user: optionalProfile,
  emailVerified: flag,
  phoneVerified: flag,
  loginOptions,
  timeout: z.int().nullish(),
})

/** `POST /v1/mgmt/user/signup/embeddedlink`: the same for a person who is to be created. */
export function embedSignUp(call: Call): Answer {
  const body = readBody(call, embeddedSignUpRequest)
  if (call.world.state.users.byLoginId(body.loginId) !== undefined) {
    throw new Refusal('userExists', 'User already exists')
  }
  const email = isEmail(body.loginId) ? body.loginId : undefined
  const profile: Profile = { ...body.user, email: body.user?.email ?? email }
  const verifies = [
    body.emailVerified ? profile.email : undefined,
    body.phoneVerified ? profile.phone : undefined,
  ]
  return embed(call, body.loginId, profile, body.timeout, {
    signUp: profile,
    customClaims: body.loginOptions?.customClaims,
    // Nothing is sent anywhere, so only what the caller vouches for is verified.
    verifies: verifies.filter((address) => address !== undefined),
  })
}

function embed(
  call: Call,
  loginId: string,
  { email, phone }: Profile,
  timeout: number | null | undefined,
  what: Pick<LoginIntent, 'signUp' | 'customClaims' | 'verifies'>,
): Answer {
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
      ...what,
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
