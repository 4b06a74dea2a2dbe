import { BoundedMap } from '../bounded-map.ts'
import { randomId } from '../random.ts'

/** A tenant of a project. */
export interface TenantRecord {
  readonly id: string
  name: string
  selfProvisioningDomains: readonly string[]
  customAttributes: Record<string, unknown>
  enforceSSO: boolean
  disabled: boolean
  parent: string | undefined
  defaultRoles: readonly string[]
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** A role, of the project or of one tenant. */
export interface RoleRecord {
  readonly id: string
  name: string
  description: string
  permissionNames: readonly string[]
  /** Undefined for a role of the project. */
  readonly tenantId: string | undefined
  isDefault: boolean
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** A permission of the project. */
export interface PermissionRecord {
  readonly id: string
  name: string
  description: string
}

/** The tenants, roles and permissions that the management API created, by id. */
export interface Catalogue {
  readonly tenants: Map<string, TenantRecord>
  readonly roles: Map<string, RoleRecord>
  readonly permissions: Map<string, PermissionRecord>
}

/** An empty catalogue that keeps the `maxEntries` newest entries of each kind. */
export function createCatalogue(maxEntries: number): Catalogue {
  return {
    tenants: new BoundedMap(maxEntries),
    roles: new BoundedMap(maxEntries),
    permissions: new BoundedMap(maxEntries),
  }
}

/** Adds a tenant with the defaults for what is not given. */
export function addTenant(
  catalogue: Catalogue,
  given: Partial<TenantRecord> & { name: string; createdAt: number },
): TenantRecord {
  const tenant: TenantRecord = {
    selfProvisioningDomains: [],
    customAttributes: {},
    enforceSSO: false,
    disabled: false,
    parent: undefined,
    defaultRoles: [],
    ...given,
    id: given.id ?? randomId('T2'),
  }
  catalogue.tenants.set(tenant.id, tenant)
  return tenant
}

/** The name of a tenant; its id if no call has named it. */
export function tenantName({ tenants }: Catalogue, id: string): string {
  return tenants.get(id)?.name ?? id
}

/**
 * The permissions that come with roles and with direct grants. A role of the tenant counts before one
 * of the project with the same name; a role that the catalogue does not have grants nothing.
 */
export function permissionsOf(
  { roles }: Catalogue,
  granted: { readonly roles: readonly string[]; readonly permissions: readonly string[] },
  tenantId?: string,
): string[] {
  const found = granted.roles.flatMap((name) => {
    const named = [...roles.values()].filter((role) => role.name === name)
    const role =
      named.find((one) => tenantId !== undefined && one.tenantId === tenantId) ??
      named.find((one) => one.tenantId === undefined)
    return role?.permissionNames ?? []
  })
  return [...new Set([...granted.permissions, ...found])]
}
