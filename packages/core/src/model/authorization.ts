/** What a validated session may do, from its claims alone. */
import type { TokenClaims, ValidatedToken } from './claims.ts'
import { grantsIn } from './grants.ts'
import type { Session, TenantGrants } from './outcome.ts'

/** The result of a validation. A bare token is not accepted: unverified claims grant nothing. */
type Claims = Pick<ValidatedToken, 'token'> | Pick<Session, 'claims'>

type Question<Answer> = (session: Claims, names: readonly string[]) => Answer
type TenantQuestion<Answer> = (session: Claims, tenant: string, names: readonly string[]) => Answer

/**
 * Questions about the roles and permissions of a validated session, answered from its claims alone. Each throws
 * a `TypeError` if it gets no session, or names that are no list.
 */
export interface Authorization {
  /** Whether every one of these permissions is granted, outside of any tenant. */
  readonly validatePermissions: Question<boolean>
  /** Those of these permissions that are granted, in the order given. */
  readonly getMatchedPermissions: Question<string[]>
  /** Whether every one of these roles is held, outside of any tenant. */
  readonly validateRoles: Question<boolean>
  /** Those of these roles that are held, in the order given. */
  readonly getMatchedRoles: Question<string[]>
  /** Whether the user belongs to the tenant and every one of these is granted there. */
  readonly validateTenantPermissions: TenantQuestion<boolean>
  /** Those of these permissions that are granted in the tenant; none if the user does not belong to it. */
  readonly getMatchedTenantPermissions: TenantQuestion<string[]>
  /** Whether the user belongs to the tenant and holds every one of these roles there. */
  readonly validateTenantRoles: TenantQuestion<boolean>
  /** Those of these roles that are held in the tenant; none if the user does not belong to it. */
  readonly getMatchedTenantRoles: TenantQuestion<string[]>
}

export const authorization: Authorization = {
  validatePermissions: (session, wanted) => hasAll(granted(session)?.permissions, wanted),
  getMatchedPermissions: (session, wanted) => matched(granted(session)?.permissions, wanted),
  validateRoles: (session, wanted) => hasAll(granted(session)?.roles, wanted),
  getMatchedRoles: (session, wanted) => matched(granted(session)?.roles, wanted),
  validateTenantPermissions: (session, tenant, wanted) =>
    hasAll(grantedIn(session, tenant)?.permissions, wanted),
  getMatchedTenantPermissions: (session, tenant, wanted) =>
    matched(grantedIn(session, tenant)?.permissions, wanted),
  validateTenantRoles: (session, tenant, wanted) =>
    hasAll(grantedIn(session, tenant)?.roles, wanted),
  getMatchedTenantRoles: (session, tenant, wanted) =>
    matched(grantedIn(session, tenant)?.roles, wanted),
}

function granted(session: Claims): TenantGrants | undefined {
  return grantsIn(claimsOf(session))
}

// A tenant that a request did not name must not be taken for a question about the top level.
function grantedIn(session: Claims, tenant: string): TenantGrants | undefined {
  return typeof tenant === 'string' ? grantsIn(claimsOf(session), tenant) : undefined
}

// A TypeError of Node's own would show what was given: a token, where an app hands one in.
function claimsOf(session: Claims): TokenClaims {
  const given: Partial<ValidatedToken & Session> = Object(session)
  const claims = given.claims ?? given.token
  if (typeof claims === 'object') return claims
  throw new TypeError('Roles are read from a session, or from what validateSession() resolved to.')
}

function hasAll(granted: readonly string[] | undefined, wanted: readonly string[]): boolean {
  const names = listOf(wanted)
  return granted !== undefined && names.every((item) => granted.includes(item))
}

function matched(granted: readonly string[] | undefined, wanted: readonly string[]): string[] {
  return listOf(wanted).filter((item) => granted?.includes(item))
}

function listOf(wanted: readonly string[]): readonly string[] {
  if (Array.isArray(wanted)) return wanted
  throw new TypeError('Roles or permissions are asked for as a list, such as ["admin"].')
}
