import type { KeyRing } from './signing-keys.ts'
import { randomId } from '../random.ts'
import type { SessionRecord } from '../sessions/session-registry.ts'
import type { Settings } from '../settings.ts'
import { type Catalogue, permissionsOf } from '../users/catalogue.ts'
import type { UserRecord } from '../users/user-directory.ts'

/** Session token or refresh token: the values of `drn`, which are also the default cookie names. */
export type TokenKind = 'DS' | 'DSR'

/** The claims that the emulator reads from its own tokens. */
export interface TokenClaims {
  sub: string
  exp: number
  iat: number
  drn: string
  jti: string
  [claim: string]: unknown
}

/** Both tokens of a session, and what the session token says. */
export interface TokenPair {
  sessionJwt: string
  refreshJwt: string
  sessionClaims: TokenClaims
}

/** The parts of a world that signing and reading tokens need. */
export interface TokenContext {
  projectId: string
  keys: KeyRing
  settings: Settings
  catalogue: Catalogue
  now: number
}

/** Signs the session token and the current refresh token of a session. */
export async function mintTokens(
  context: TokenContext,
  user: UserRecord,
  session: SessionRecord,
): Promise<TokenPair> {
  const { now, settings } = context
  const steppedUp = session.stepUpUntil !== undefined && session.stepUpUntil > now
  const sessionEndsAt = Math.min(
    now + settings.sessionLifetimeSeconds * 1000,
    session.endsAt,
    // A token with `su` must not outlive the step-up.
    steppedUp ? (session.stepUpUntil ?? Infinity) : Infinity,
  )
  const shared = sharedClaims(context, user, session)
  const sessionClaims = claimsOf(context, user.userId, sessionEndsAt, {
    ...shared,
    drn: 'DS',
    // A random id, so that two tokens of the same second differ.
    jti: randomId(''),
    rexp: rfc3339(session.endsAt),
    ...(steppedUp && { su: true }),
  })
  const refreshClaims = claimsOf(context, user.userId, session.endsAt, {
    ...shared,
    drn: 'DSR',
    jti: session.tokenId,
  })
  const [sessionJwt, refreshJwt] = await Promise.all([
    signClaims(context, sessionClaims),
    signClaims(context, refreshClaims),
  ])
  return { sessionJwt, refreshJwt, sessionClaims }
}

/** Signs the session token of an access key; its subject is the key itself. */
export async function mintAccessKeyToken(
  context: TokenContext,
  keyId: string,
  more: Record<string, unknown>,
): Promise<{ sessionJwt: string; sessionEndsAt: number }> {
  const sessionEndsAt = context.now + context.settings.sessionLifetimeSeconds * 1000
  const claims = claimsOf(context, keyId, sessionEndsAt, {
    ...more,
    drn: 'DS',
    jti: randomId(''),
  })
  return { sessionJwt: await signClaims(context, claims), sessionEndsAt }
}

/** The claims of a token of this world; undefined if it is forged, expired or of another world. */
export async function readToken(
  context: TokenContext,
  jwt: string,
  kind: TokenKind,
): Promise<TokenClaims | undefined> {
  // jose is ESM alone, so the CommonJS build cannot load it in another way.
  const { decodeProtectedHeader, errors, jwtVerify } = await import('jose')
  try {
    const { kid } = decodeProtectedHeader(jwt)
    const key = (await context.keys.published()).find((known) => known.kid === kid)
    if (key === undefined) return undefined
    const { payload } = await jwtVerify<TokenClaims>(jwt, key.publicKey, {
      algorithms: ['RS256'],
      issuer: context.projectId,
      currentDate: new Date(context.now),
      requiredClaims: ['sub', 'exp', 'iat', 'jti', 'drn'],
    })
    return payload.drn === kind ? payload : undefined
  } catch (error) {
    // jose throws these for an invalid token; any other error is a bug.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
    throw error
  }
}

function sharedClaims(
  { catalogue }: TokenContext,
  user: UserRecord,
  session: SessionRecord,
): Record<string, unknown> {
  const tenants = Array.from(user.tenants, ([id, membership]) => [
    id,
    { roles: membership.roles, permissions: permissionsOf(catalogue, membership, id) },
  ])
  const [only] = user.tenants.size === 1 ? user.tenants.keys() : []
  const tenant = session.tenant ?? only
  const permissions = permissionsOf(catalogue, user)
  return {
    ...session.claims,
    amr: session.amr,
    ...(user.roles.length > 0 && { roles: user.roles }),
    ...(permissions.length > 0 && { permissions }),
    ...(user.tenants.size > 0 && { tenants: Object.fromEntries(tenants) }),
    ...(tenant !== undefined && { dct: tenant }),
    ...(session.customClaims !== undefined && { nsec: session.customClaims }),
  }
}

function claimsOf(
  context: TokenContext,
  subject: string,
  endsAt: number,
  claims: Record<string, unknown> & { drn: TokenKind; jti: string },
): TokenClaims {
  return {
    ...claims,
    iss: context.projectId,
    sub: subject,
    iat: Math.floor(context.now / 1000),
    exp: Math.floor(endsAt / 1000),
  }
}

/** Signs claims as they are, with the newest key. */
export async function signClaims(context: TokenContext, claims: TokenClaims): Promise<string> {
  const { SignJWT } = await import('jose')
  const key = await context.keys.current()
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .sign(key.privateKey)
}

/** `2026-01-10T00:57:21Z`: whole seconds, the format of times in the service. */
export function rfc3339(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z')
}
