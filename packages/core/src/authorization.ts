/**
 * What a validated session may do, from its claims alone. Pure. A claim of another shape than the
 * service's grants nothing, and only own properties count: no tenant is called `constructor`.
 */
import type { TokenClaims, ValidatedToken } from './model/claims.ts'
import type { Session } from './model/outcome.ts'

/** Questions about the roles and permissions of a validated session. */
export interface Authorization {
  /** Whether every one of these permissions is granted, outside of any tenant. */
  readonly validatePermissions: (session: Claims, permissions: readonly string[]) => boolean
  /** Those of these permissions that are granted, in the order given. */
  readonly getMatchedPermissions: (session: Claims, permissions: readonly string[]) => string[]
  /** Whether every one of these roles is held, outside of any tenant. */
  readonly validateRoles: (session: Claims, roles: readonly string[]) => boolean
  /** Those of these roles that are held, in the order given. */
  readonly getMatchedRoles: (session: Claims, roles: readonly string[]) => string[]
  /** Whether the person belongs to the tenant and every one of these is granted there. */
  readonly validateTenantPermissions: (
    session: Claims,
    tenant: string,
    permissions: readonly string[],
  ) => boolean
  /** Those of these permissions that are granted in the tenant; none for a stranger to it. */
  readonly getMatchedTenantPermissions: (
    session: Claims,
    tenant: string,
    permissions: readonly string[],
  ) => string[]
  /** Whether the person belongs to the tenant and holds every one of these roles there. */
  readonly validateTenantRoles: (
    session: Claims,
    tenant: string,
    roles: readonly string[],
  ) => boolean
  /** Those of these roles that are held in the tenant; none for a stranger to it. */
  readonly getMatchedTenantRoles: (
    session: Claims,
    tenant: string,
    roles: readonly string[],
  ) => string[]
}

/** What a validation resolves to. Not a bare token: claims that nobody checked grant nothing. */
type Claims = Pick<ValidatedToken, 'token'> | Pick<Session, 'claims'>

type Grant = 'roles' | 'permissions'

/** The functions, for the client to carry. */
export const authorization: Authorization = {
  validatePermissions: (session, wanted) => hasAll(claimsOf(session), 'permissions', wanted),
  getMatchedPermissions: (session, wanted) => matched(claimsOf(session), 'permissions', wanted),
  validateRoles: (session, wanted) => hasAll(claimsOf(session), 'roles', wanted),
  getMatchedRoles: (session, wanted) => matched(claimsOf(session), 'roles', wanted),
  validateTenantPermissions: (session, tenant, wanted) =>
    hasAll(grantsIn(claimsOf(session), tenant), 'permissions', wanted),
  getMatchedTenantPermissions: (session, tenant, wanted) =>
    matched(grantsIn(claimsOf(session), tenant), 'permissions', wanted),
  validateTenantRoles: (session, tenant, wanted) =>
    hasAll(grantsIn(claimsOf(session), tenant), 'roles', wanted),
  getMatchedTenantRoles: (session, tenant, wanted) =>
    matched(grantsIn(claimsOf(session), tenant), 'roles', wanted),
}

function claimsOf(session: Claims): TokenClaims {
  return 'claims' in session ? session.claims : session.token
}

/**
 * Where the grants of a tenant stand: in `tenants` under its id; or, in a token that has no
 * `tenants` and whose current tenant (`dct`) this is, at the top. Undefined for a stranger to it.
 */
function grantsIn(token: TokenClaims, tenant: string): object | undefined {
  const tenants = token['tenants']
  if (tenants === undefined) return token['dct'] === tenant ? token : undefined
  const grants = isObject(tenants) ? ownMember(tenants, tenant) : undefined
  return isObject(grants) ? grants : undefined
}

function hasAll(grants: object | undefined, kind: Grant, wanted: readonly string[]): boolean {
  return grants !== undefined && matched(grants, kind, wanted).length === wanted.length
}

function matched(grants: object | undefined, kind: Grant, wanted: readonly string[]): string[] {
  const granted = grants && ownMember(grants, kind)
  const isList = Array.isArray(granted) && granted.every((item) => typeof item === 'string')
  return isList ? wanted.filter((item) => granted.includes(item)) : []
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function ownMember(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value
}
