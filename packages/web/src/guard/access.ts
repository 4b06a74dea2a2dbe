import { grantsIn } from '@linkpass/core/internal'
import type { Session } from '@linkpass/core'
import type { Failure } from '../failure.ts'

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
  const grants = grantsIn(session.claims, tenant)
  if (grants === undefined) return { kind: 'forbidden', missing: 'tenant' }
  if (!includesAll(grants.roles, rule.roles)) return { kind: 'forbidden', missing: 'role' }
  if (!includesAll(grants.permissions, rule.permissions)) {
    return { kind: 'forbidden', missing: 'permission' }
  }
  if (rule.stepUp === true && session.claims['su'] !== true) return { kind: 'step-up-needed' }
  return undefined
}

function includesAll(granted: readonly string[], wanted: readonly string[] = []): boolean {
  return wanted.every((one) => granted.includes(one))
}
