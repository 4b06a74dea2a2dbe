import { z } from 'zod'
import { startSession } from '../../world/sessions/start-session.ts'
import { readToken, signClaims } from '../../world/tokens/tokens.ts'
import { addressIn } from '../../world/users/login-id.ts'
import type { UserRecord } from '../../world/users/user-directory.ts'
import { tokenContext } from '../../world/world.ts'
import { type Call, type EndpointResponse, readBody, requireActive } from '../call.ts'
import { loginIntent } from '../links/login-intent.ts'
import { sessionResponse } from '../responses.ts'
import { claims, flag, seconds, text } from '../schemas.ts'
import { ServiceError } from '../service-error.ts'
import { applyFields, userFields } from './user-fields.ts'
import { findUser } from './users.ts'

/** The `amr` of a sign-in by the management API. No source states it; our choice. */
const managementFactor = 'mgmt'

const options = {
  customClaims: claims,
  refreshDuration: seconds,
}

const signInRequest = z.object({
  loginId: z.string().min(1),
  stepup: flag,
  mfa: flag,
  revokeOtherSessions: flag,
  tenantId: text,
  jwt: text,
  ...options,
})

/** `POST /v1/mgmt/auth/signin`: a session for a known user; step-up and MFA need the `jwt` of one. */
export async function managementSignIn(call: Call): Promise<EndpointResponse> {
  const body = readBody(call, signInRequest)
  return start(call, findUser(call.world, body), body)
}

const { name, email, phone, givenName, middleName, familyName, verifiedEmail, verifiedPhone } =
  userFields
const user = z.object({
  name,
  email,
  phone,
  givenName,
  middleName,
  familyName,
  verifiedEmail,
  verifiedPhone,
  ssoAppIds: userFields.ssoAppIds,
})
const signUpRequest = z.object({ loginId: z.string().min(1), user: user.nullish(), ...options })

/** `POST /v1/mgmt/auth/signup`: creates the user and a session. */
export async function managementSignUp(call: Call): Promise<EndpointResponse> {
  const body = readBody(call, signUpRequest)
  if (call.world.state.users.byLoginId(body.loginId) !== undefined) {
    throw new ServiceError('userExists', 'User already exists')
  }
  return start(call, create(call, body), body)
}

/** `POST /v1/mgmt/auth/signup-in`: the same for a known user too. */
export async function managementSignUpOrIn(call: Call): Promise<EndpointResponse> {
  const body = readBody(call, signUpRequest)
  return start(call, call.world.state.users.byLoginId(body.loginId) ?? create(call, body), body)
}

const updateRequest = z.object({
  jwt: z.string().min(1),
  customClaims: claims,
  refreshDuration: options.refreshDuration,
})

/**
 * `POST /v1/mgmt/jwt/update`: the same token with more claims. Those of a refresh token also come
 * with the tokens of its session from now on.
 */
export async function updateJwt(call: Call): Promise<EndpointResponse> {
  const { jwt, customClaims, refreshDuration } = readBody(call, updateRequest)
  const context = tokenContext(call.world)
  const { sessions } = call.world.state
  const token = (await readToken(context, jwt, 'DS')) ?? (await readToken(context, jwt, 'DSR'))
  if (token === undefined) throw new ServiceError('invalidToken', 'Failed to validate the token')
  if (token.drn === 'DSR') {
    const found = sessions.find(token.jti, context.now)
    if (found.status !== 'current') throw new ServiceError('loggedOut', 'The session was ended')
    found.session.claims = { ...found.session.claims, ...customClaims }
    if (refreshDuration) found.session.endsAt = context.now + refreshDuration * 1000
  }
  const { iss, sub, iat, exp, drn, jti } = token
  const endsAt = refreshDuration ? Math.floor(context.now / 1000) + refreshDuration : exp
  const own = { iss, sub, iat, exp: endsAt, drn, jti }
  return { body: { jwt: await signClaims(context, { ...token, ...customClaims, ...own }) } }
}

function create(call: Call, body: z.output<typeof signUpRequest>): UserRecord {
  const { world } = call
  const { loginId } = body
  const created = world.state.users.create([loginId], addressIn(loginId), world.clock.now())
  applyFields(world, created, body.user ?? {})
  return created
}

async function start(
  call: Call,
  signedIn: UserRecord,
  body: Partial<z.output<typeof signInRequest>>,
): Promise<EndpointResponse> {
  requireActive(signedIn)
  const { stepup = false, mfa = false, revokeOtherSessions = false, tenantId, jwt } = body
  const intent = await loginIntent(
    { ...call, refreshJwt: jwt },
    {
      loginId: signedIn.loginIds[0] ?? '',
      verifies: [],
      factor: managementFactor,
      signUp: undefined,
      options: { stepup, mfa, revokeOtherSessions, tenantId },
    },
  )
  const { world, ip } = call
  const { customClaims, refreshDuration } = body
  const { session, firstSeen } = startSession(
    world,
    signedIn,
    { ...intent, claims: { ...intent.claims, ...customClaims } },
    ip,
  )
  if (refreshDuration) session.endsAt = world.clock.now() + refreshDuration * 1000
  return sessionResponse(world, signedIn, session, { firstSeen, withRefreshToken: true })
}
