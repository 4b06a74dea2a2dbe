import type { TokenClaims } from './claims.ts'
import type { TenantGrants } from './outcome.ts'

/**
 * What a token grants in a tenant, or outside of any; undefined if the user does not belong to it.
 *
 * A tenant's grants are in `tenants` under its id; or at the top level, in a token that has no
 * `tenants` and whose current tenant (`dct`) this is. Only own properties count: no tenant is called
 * `constructor`. `''` is no tenant, whatever the token says.
 */
export function grantsIn(token: TokenClaims, tenant?: string): TenantGrants | undefined {
  if (tenant === undefined) return grantsOf(token)
  if (tenant === '') return undefined
  const tenants = token['tenants']
  if (tenants === undefined) return token['dct'] === tenant ? grantsOf(token) : undefined
  if (!isObject(tenants) || !Object.hasOwn(tenants, tenant)) return undefined
  const grants: unknown = Object.getOwnPropertyDescriptor(tenants, tenant)?.value
  return isObject(grants) ? grantsOf(grants) : undefined
}

/** The roles and permissions of an object in the claims; values of another shape grant nothing. */
export function grantsOf(claim: object): TenantGrants {
  const { roles, permissions }: { roles?: unknown; permissions?: unknown } = claim
  return Object.freeze({ roles: stringsOf(roles), permissions: stringsOf(permissions) })
}

const none: readonly string[] = Object.freeze([])

/** A claim that is a list of strings, not copied, since claims are frozen; else an empty list. */
export function stringsOf(claim: unknown): readonly string[] {
  if (!Array.isArray(claim)) return none
  // By index, because a new token has several such lists and their iterators take a kilobyte in all.
  for (let index = 0; index < claim.length; index += 1) {
    if (typeof claim[index] !== 'string') return none
  }
  return claim
}

/** Whether this is an object that JSON can have: no list, and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
