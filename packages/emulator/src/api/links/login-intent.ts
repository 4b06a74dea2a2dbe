import type { LoginIntent } from '../../world/links/link-store.ts'
import type { Profile } from '../../world/users/user-directory.ts'
import { type Call, requireRefreshToken } from '../call.ts'
import { Refusal } from '../service-error.ts'
import type { LoginOptions } from '../schemas.ts'

/** What a login intent is made of. */
export interface LoginDetails {
  loginId: string
  /** The addresses that opening the link verifies. */
  verifies: readonly string[]
  /** The factor the link proves: a value of `amr`. */
  factor: string
  signUp: Profile | undefined
  options: LoginOptions | undefined
}

/**
 * What the session of a sign-in will be made of. With `stepup` or `mfa` it builds on the session
 * of the presented refresh token.
 *
 * @throws {Refusal} step-up or MFA without a refresh token, or with somebody else's
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
    throw new Refusal('unauthorized', 'The refresh token belongs to another user')
  }
  const factors = new Set([...session.amr, factor])
  if (options.mfa && factors.size > 1) factors.add('mfa')
  return {
    ...intent,
    amr: [...factors],
    stepUp: options.stepup,
    customClaims: options.customClaims ?? session.customClaims,
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
  // Somebody new who signs up in a tenant's context becomes its member (our choice).
  if (user === undefined && mayJoin) return tenantId
  if (user?.tenants.has(tenantId) === true) return tenantId
  throw new Refusal('invalidArguments', 'The user is not associated with the tenant')
}
