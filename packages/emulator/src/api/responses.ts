import type { SessionRecord } from '../world/sessions/session-registry.ts'
import { mintTokens } from '../world/tokens/tokens.ts'
import { permissionsOf, tenantName } from '../world/users/catalogue.ts'
import type { UserRecord } from '../world/users/user-directory.ts'
import { type World, tokenContext } from '../world/world.ts'
import type { EndpointResponse } from './call.ts'

/** A user in the format of the service (ResponseUser), with every key that some SDK requires. */
export function userResponse(world: World, user: UserRecord): Record<string, unknown> {
  const { profile } = user
  const { catalogue } = world.state
  return {
    loginIds: user.loginIds,
    userId: user.userId,
    name: profile.name ?? '',
    email: profile.email ?? '',
    phone: profile.phone ?? '',
    verifiedEmail: user.verifiedEmail,
    verifiedPhone: user.verifiedPhone,
    roleNames: user.roles,
    userTenants: Array.from(user.tenants, ([tenantId, membership]) => ({
      tenantId,
      tenantName: tenantName(catalogue, tenantId),
      roleNames: membership.roles,
      permissions: permissionsOf(catalogue, membership, tenantId),
    })),
    status: user.status,
    externalIds: user.loginIds,
    picture: profile.picture ?? '',
    test: user.test,
    customAttributes: user.customAttributes,
    createdTime: Math.floor(user.createdAt / 1000),
    TOTP: false,
    SAML: false,
    OAuth: {},
    webauthn: false,
    password: false,
    ssoAppIds: user.ssoAppIds,
    givenName: profile.givenName ?? '',
    middleName: profile.middleName ?? '',
    familyName: profile.familyName ?? '',
    editable: true,
    SCIM: false,
    push: false,
    permissions: permissionsOf(catalogue, user),
    OIDC: false,
    consentExpiration: 0,
    recoveryEmail: profile.recoveryEmail ?? '',
    verifiedRecoveryEmail: user.verifiedRecoveryEmail,
    recoveryPhone: profile.recoveryPhone ?? '',
    verifiedRecoveryPhone: user.verifiedRecoveryPhone,
  }
}

/** The parts of a session response that depend on the endpoint. */
export interface SessionResponseOptions {
  firstSeen: boolean
  /** False for a refresh without rotation, which returns no refresh token. */
  withRefreshToken: boolean
}

/** The response with the tokens of a session (JWTResponse), in the body or in cookies. */
export async function sessionResponse(
  world: World,
  user: UserRecord,
  session: SessionRecord,
  { firstSeen, withRefreshToken }: SessionResponseOptions,
): Promise<EndpointResponse> {
  const { now, settings } = tokenContext(world)
  const tokens = await mintTokens(tokenContext(world), user, session)
  const sessionExpiration = tokens.sessionClaims.exp
  const cookieExpiration = Math.floor(session.endsAt / 1000)
  // Rounded up, so that a new session has its whole lifetime however long the response took.
  const cookieMaxAge = Math.max(Math.ceil((session.endsAt - now) / 1000), 0)
  const refreshJwt = withRefreshToken ? tokens.refreshJwt : ''
  const inCookies = settings.tokensInCookies
  const body = {
    sessionJwt: inCookies ? '' : tokens.sessionJwt,
    refreshJwt: inCookies ? '' : refreshJwt,
    cookieDomain: '',
    cookiePath: '/',
    cookieMaxAge,
    cookieExpiration,
    ...(inCookies && { cookieName: 'DSR', sessionCookieName: 'DS' }),
    user: userResponse(world, user),
    firstSeen,
    sessionExpiration,
    claims: tokens.sessionClaims,
  }
  if (!inCookies) return { body }
  const sessionMaxAge = Math.max(sessionExpiration - Math.floor(now / 1000), 0)
  return {
    body,
    cookies: [
      cookie('DS', tokens.sessionJwt, sessionMaxAge),
      ...(refreshJwt === '' ? [] : [cookie('DSR', refreshJwt, cookieMaxAge)]),
    ],
  }
}

/** A JWTResponse with empty fields: the response of a logout, which tells clients to clear tokens. */
export function emptySessionResponse(world: World): EndpointResponse {
  const body = {
    sessionJwt: '',
    refreshJwt: '',
    cookieDomain: '',
    cookiePath: '/',
    cookieMaxAge: 0,
    cookieExpiration: 0,
    firstSeen: false,
    sessionExpiration: 0,
  }
  if (!world.settings.tokensInCookies) return { body }
  return { body, cookies: [cookie('DS', '', 0), cookie('DSR', '', 0)] }
}

// Values are JWTs or empty, so nothing needs encoding. The server adds Secure where it serves https.
function cookie(name: string, value: string, maxAge: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax`
}
