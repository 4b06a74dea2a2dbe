import type { ValidatedToken } from '../model/claims.ts'
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

const none: readonly string[] = Object.freeze([])

/** A claim as a list of strings, itself and no copy, since it is frozen; else an empty one. */
function stringsOf(claim: unknown): readonly string[] {
  const isStrings = Array.isArray(claim) && claim.every((item) => typeof item === 'string')
  return isStrings ? claim : none
}

function tenantsOf(claim: unknown): Readonly<Record<string, TenantGrants>> {
  // Without a prototype `tenants['constructor']` is what it should be: nothing.
  const tenants: Record<string, TenantGrants> = Object.create(null)
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) {
    return Object.freeze(tenants)
  }
  for (const [id, grants] of Object.entries(claim)) tenants[id] = grantsOf(grants)
  return Object.freeze(tenants)
}

function grantsOf(claim: unknown): TenantGrants {
  const { roles, permissions }: { roles?: unknown; permissions?: unknown } =
    typeof claim === 'object' && claim !== null ? claim : {}
  return Object.freeze({ roles: stringsOf(roles), permissions: stringsOf(permissions) })
}
