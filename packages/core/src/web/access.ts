import { authorization } from '../authorization.ts'
import type { Session } from '../model/outcome.ts'
import type { Failure } from './failure.ts'

const { validatePermissions, validateRoles, validateTenantPermissions, validateTenantRoles } =
  authorization

/** What a route asks of whoever is signed in; all of it must hold. */
export interface AccessRule {
  /** Roles, every one of which is needed: in the tenant if one is named, else in the project. */
  readonly roles?: readonly string[]
  /** Permissions, every one of which is needed: in the tenant if one is named, else in the project. */
  readonly permissions?: readonly string[]
  /** Whether the session must come of a step-up (the claim `su`). */
  readonly stepUp?: boolean
}

/**
 * Whether a session may pass, and if not, the first thing it lacks: membership of the tenant, roles,
 * permissions, the step-up. Pure.
 *
 * @param tenant the tenant the request is about; undefined when the route has none
 */
export function checkAccess(
  session: Session,
  rule: AccessRule,
  tenant?: string,
): Failure | undefined {
  const { roles = [], permissions = [] } = rule
  const isMember = tenant === undefined || validateTenantRoles(session, tenant, [])
  if (!isMember) return { kind: 'forbidden', missing: 'tenant' }
  const hasRoles =
    tenant === undefined
      ? validateRoles(session, roles)
      : validateTenantRoles(session, tenant, roles)
  if (!hasRoles) return { kind: 'forbidden', missing: 'role' }
  const hasPermissions =
    tenant === undefined
      ? validatePermissions(session, permissions)
      : validateTenantPermissions(session, tenant, permissions)
  if (!hasPermissions) return { kind: 'forbidden', missing: 'permission' }
  if (rule.stepUp === true && session.claims['su'] !== true) return { kind: 'step-up-needed' }
  return undefined
}
