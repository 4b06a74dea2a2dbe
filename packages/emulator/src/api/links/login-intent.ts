import type { LoginIntent } from '../../world/links/link-store.ts'
import type { Profile } from '../../world/users/user-directory.ts'
import { type Call, requireRefreshToken } from '../call.ts'
import { ServiceError } from '../service-error.ts'
import type { LoginOptions } from '../schemas.ts'

/** The login options that a session is created from. */
type SessionOptions = Pick<LoginOptions, 'stepup' | 'mfa' | 'revokeOtherSessions' | 'tenantId'> &
  Partial<Pick<LoginOptions, 'customClaims'>>

/** The input of {@link loginIntent}. */
export interface LoginDetails {
  loginId: string
  /** The addresses that are verified when the link is redeemed. */
  verifies: readonly string[]
  /** The authentication factor of the link: a value of `amr`. */
  factor: string
  signUp: Profile | undefined
  options: SessionOptions | undefined
}

/**
 * The intent of a sign-in link, from which its session is created. With `stepup` or `mfa` it extends
 * the session of the refresh token in the request.
 *
 * @throws {ServiceError} step-up or MFA without a refresh token, or with another user's
 */
export async function loginIntent(call: Call, details: LoginDetails): Promise<LoginIntent> {
  const { loginId, verifies, factor, signUp, options } = details
  const intent: LoginIntent = {
    type: 'login',
    loginId,
    verifies,
    signUp,
    amr: [factor],
    stepUp: false,
    customClaims: options?.customClaims,
    tenant: memberTenant(call, loginId, options?.tenantId, signUp !== undefined),
    revokeOtherSessions: options?.revokeOtherSessions ?? false,
  }
  if (options?.stepup !== true && options?.mfa !== true) return intent

  const { user, session } = await requireRefreshToken(call)
  if (call.world.state.users.byLoginId(loginId) !== user) {
    throw new ServiceError('unauthorized', 'The refresh token belongs to another user')
  }
  const factors = new Set([...session.amr, factor])
  if (options.mfa && factors.size > 1) factors.add('mfa')
  return {
    ...intent,
    amr: [...factors],
    stepUp: options.stepup,
    customClaims: options.customClaims ?? session.customClaims,
    claims: session.claims,
    tenant: intent.tenant ?? session.tenant,
  }
}

function memberTenant(
  call: Call,
  loginId: string,
  tenantId: string | undefined,
  mayJoin: boolean,
): string | undefined {
  if (tenantId === undefined) return undefined
  const user = call.world.state.users.byLoginId(loginId)
  // A new user who signs up with a tenant becomes a member of it (our choice).
  if (user === undefined && mayJoin) return tenantId
  if (user?.tenants.has(tenantId) === true) return tenantId
  throw new ServiceError('invalidArguments', 'The user is not associated with the tenant')
}
