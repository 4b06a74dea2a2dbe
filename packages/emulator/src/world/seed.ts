import { type Catalogue, addTenant } from './users/catalogue.ts'
import { randomId } from './random.ts'
import { addressIn } from './users/login-id.ts'
import type { UserDirectory, UserStatus } from './users/user-directory.ts'

/** The roles and permissions in one tenant. */
interface Grants {
  readonly roles?: readonly string[] | undefined
  readonly permissions?: readonly string[] | undefined
}

/** A user that exists from the start. */
export interface SeedUser extends Grants {
  readonly loginId: string
  readonly name?: string | undefined
  /** @default the login ID, if it is one */
  readonly email?: string | undefined
  /** @default the login ID, if it is one */
  readonly phone?: string | undefined
  /** @default 'enabled' */
  readonly status?: UserStatus | undefined
  /** Whether links can be generated for the user. @default false */
  readonly test?: boolean | undefined
  /** By tenant id. */
  readonly tenants?: Readonly<Record<string, Grants>> | undefined
  readonly customAttributes?: Record<string, unknown> | undefined
}

/** What a world has from the start, and again after each reset. */
export interface Seed {
  readonly tenants?: readonly { readonly id: string; readonly name: string }[] | undefined
  readonly roles?:
    | readonly {
        readonly name: string
        /** Names of permissions, which the tokens of its users have. */
        readonly permissions?: readonly string[] | undefined
        /** @default a role of the project */
        readonly tenantId?: string | undefined
      }[]
    | undefined
  /** Their addresses are verified. */
  readonly users?: readonly SeedUser[] | undefined
}

/** Puts the seed into an empty world. */
export function plant(
  { users, catalogue }: { users: UserDirectory; catalogue: Catalogue },
  seed: Seed,
  now: number,
): void {
  for (const tenant of seed.tenants ?? []) addTenant(catalogue, { ...tenant, createdAt: now })
  for (const { name, permissions = [], tenantId } of seed.roles ?? []) {
    const id = randomId('RL2')
    catalogue.roles.set(id, {
      id,
      name,
      description: '',
      permissionNames: permissions,
      tenantId,
      isDefault: false,
      createdAt: now,
    })
  }
  for (const given of seed.users ?? []) {
    const { loginId } = given
    const { email, phone } = addressIn(loginId)
    const user = users.create(
      [loginId],
      { name: given.name, email: given.email ?? email, phone: given.phone ?? phone },
      now,
    )
    user.status = given.status ?? 'enabled'
    user.verifiedEmail = user.profile.email !== undefined
    user.verifiedPhone = user.profile.phone !== undefined
    user.test = given.test ?? false
    user.roles = [...(given.roles ?? [])]
    user.permissions = [...(given.permissions ?? [])]
    user.customAttributes = given.customAttributes ?? {}
    for (const [tenantId, { roles = [], permissions = [] }] of Object.entries(
      given.tenants ?? {},
    )) {
      user.tenants.set(tenantId, { roles: [...roles], permissions: [...permissions] })
    }
  }
}
