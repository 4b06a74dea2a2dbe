import type { ValidatedToken } from '../model/claims.ts'
import { grantsOf, stringsOf } from '../model/grants.ts'
import type { Session, TenantGrants } from '../model/outcome.ts'
import { redact } from '../redact.ts'

/**
 * What an app reads of a session token: the claims that say who this is and what they may do, each
 * of the one shape that code can rely on. A claim of another shape grants nothing.
 */
export function viewSession({ jwt, token }: ValidatedToken): Session {
  return Object.freeze(
    redact<Session>({
      userId: token.sub,
      claims: token,
      roles: stringsOf(token['roles']),
      permissions: stringsOf(token['permissions']),
      tenants: tenantsOf(token['tenants']),
      amr: stringsOf(token['amr']),
      expiresAt: token.exp * 1000,
      jwt,
    }),
  )
}

function tenantsOf(claim: unknown): Readonly<Record<string, TenantGrants>> {
  // Without a prototype `tenants['constructor']` is what it should be: nothing.
  const tenants: Record<string, TenantGrants> = Object.create(null)
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) {
    return Object.freeze(tenants)
  }
  for (const [id, grants] of Object.entries(claim)) tenants[id] = grantsOf(Object(grants))
  return Object.freeze(tenants)
}
