import { startSession } from './start-session.ts'
import { mintTokens } from '../tokens/tokens.ts'
import { addressIn } from '../users/login-id.ts'
import type { Membership, UserRecord } from '../users/user-directory.ts'
import { type World, tokenContext } from '../world.ts'

/** The user and session that `signIn` creates. Omitted fields of a known user are not changed. */
export interface SignInOptions {
  name?: string
  roles?: readonly string[]
  permissions?: readonly string[]
  /** By tenant id. */
  tenants?: Readonly<Record<string, { roles?: readonly string[]; permissions?: readonly string[] }>>
  /** The tenant of the session. */
  tenant?: string
  /** Claims of both tokens, under `nsec`. */
  customClaims?: Record<string, unknown>
  /**
   * More claims at the top level of both tokens. `{ cnf: { jkt: '…' } }` makes them bound tokens
   * (RFC 9449), which an app must refuse unless it checks proofs.
   */
  claims?: Record<string, unknown>
  /** The authentication factors. @default ['email'] */
  amr?: readonly string[]
  /** Whether the session is stepped up. @default false */
  stepUp?: boolean
  /**
   * How many seconds ago the tokens were issued. With more than `sessionLifetimeSeconds`, the session
   * token has expired and the refresh token has not: what an app gets after a break. @default 0
   */
  ageSeconds?: number
  /** The names in `cookie`; for an app of Linkpass its `auth.cookieNames`. @default DS and DSR */
  cookieNames?: { readonly session: string; readonly refresh: string }
}

/** A user and the tokens of a session. */
export interface SignedInUser {
  readonly userId: string
  readonly loginId: string
  readonly sessionJwt: string
  readonly refreshJwt: string
  /** Both tokens as a Cookie header. */
  readonly cookie: string
}

/** Signs a user in without a link, for tests; creates the user if the login id is unknown. */
export async function signIn(
  world: World,
  loginId: string,
  options: SignInOptions = {},
): Promise<SignedInUser> {
  const { users } = world.state
  const { email, phone } = addressIn(loginId)
  const user =
    users.byLoginId(loginId) ?? users.create([loginId], { email, phone }, world.clock.now())
  if (email !== undefined) user.verifiedEmail = true
  if (phone !== undefined) user.verifiedPhone = true
  apply(user, options)
  const { session } = startSession(
    world,
    user,
    {
      type: 'login',
      loginId,
      verifies: [loginId],
      signUp: undefined,
      amr: options.amr ?? ['email'],
      stepUp: options.stepUp ?? false,
      customClaims: options.customClaims,
      claims: options.claims,
      tenant: options.tenant,
      revokeOtherSessions: false,
    },
    '127.0.0.1',
  )
  const context = tokenContext(world)
  const now = context.now - (options.ageSeconds ?? 0) * 1000
  const { sessionJwt, refreshJwt } = await mintTokens({ ...context, now }, user, session)
  const names = options.cookieNames ?? { session: 'DS', refresh: 'DSR' }
  const cookie = `${names.session}=${sessionJwt}; ${names.refresh}=${refreshJwt}`
  return { userId: user.userId, loginId, sessionJwt, refreshJwt, cookie }
}

function apply(user: UserRecord, options: SignInOptions): void {
  if (options.name !== undefined) user.profile.name = options.name
  if (options.roles) user.roles = [...options.roles]
  if (options.permissions) user.permissions = [...options.permissions]
  for (const [tenantId, grants] of Object.entries(options.tenants ?? {})) {
    const membership: Membership = {
      roles: [...(grants.roles ?? [])],
      permissions: [...(grants.permissions ?? [])],
    }
    user.tenants.set(tenantId, membership)
  }
}
