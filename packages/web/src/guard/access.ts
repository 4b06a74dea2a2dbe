import type { Session } from '@linkpass/core'
import { grantsIn } from '@linkpass/core/internal'
import type { Failure } from '../failure.ts'

/** Names of roles or permissions: a list requires all of them, `any` at least one. */
export type RequiredNames = readonly string[] | { readonly any: readonly string[] }

/** What a route requires of a signed-in user. All of it must hold. */
export interface AccessRule {
  /** Roles: in the tenant if one is named, else in the project. */
  readonly roles?: RequiredNames
  /** Permissions: in the tenant if one is named, else in the project. */
  readonly permissions?: RequiredNames
  /**
   * Whether the session must come from a step-up (the claim `su`), of any age or of at most
   * `maxAgeSeconds`.
   */
  readonly stepUp?: boolean | { readonly maxAgeSeconds: number }
}

/**
 * Whether a session may pass, and if not, the first thing that it lacks: membership of the tenant,
 * roles, permissions, the step-up.
 *
 * @param tenant the tenant that the request is about; undefined when the route has none
 * @param stepUpAge how long ago the session was stepped up, in seconds, where that is known
 */
export function checkAccess(
  session: Session,
  rule: AccessRule,
  tenant?: string,
  stepUpAge?: number,
): Failure | undefined {
  const grants = grantsIn(session.claims, tenant)
  if (grants === undefined) return { kind: 'forbidden', missing: 'tenant' }
  if (!satisfies(grants.roles, rule.roles)) return { kind: 'forbidden', missing: 'role' }
  if (!satisfies(grants.permissions, rule.permissions)) {
    return { kind: 'forbidden', missing: 'permission' }
  }
  return isSteppedUp(session, rule.stepUp, stepUpAge) ? undefined : { kind: 'step-up-needed' }
}

function isSteppedUp(
  session: Session,
  required: AccessRule['stepUp'] = false,
  age: number = Infinity,
): boolean {
  if (required === false) return true
  if (session.claims['su'] !== true) return false
  return required === true || age <= required.maxAgeSeconds
}

function satisfies(granted: readonly string[], required: RequiredNames = []): boolean {
  const isGranted = (name: string): boolean => granted.includes(name)
  return 'any' in required ? required.any.some(isGranted) : required.every(isGranted)
}
