import { type AccessRule, onlyKnown } from '@linkpass/web'
import type { NextFunction, Request, Response } from 'express'
import type { FailureError } from './failure-error.ts'

/** What a guarded route asks for; all of it must hold. */
export interface RequireSessionOptions extends AccessRule {
  /**
   * The tenant a request is about, or how to tell it from the request; whatever is no single id
   * is nobody's tenant.
   * @default none
   */
  tenant?: string | ((req: Request) => string | readonly string[] | undefined)
  /**
   * How a request is refused. `auto`: a person's page load goes to the sign-in page or gets an error
   * page, a form they sent gets a page, all else gets JSON. `json`: always JSON. `redirect`: every signed-out GET goes to the
   * sign-in page. `next`: `next(error)` with `status`, `code` and `headers`. Or a function that
   * answers by itself.
   * @default 'auto'
   */
  onSignedOut?: SignedOutPolicy
}

export type SignedOutPolicy =
  | 'auto'
  | 'json'
  | 'redirect'
  | 'next'
  | ((req: Request, res: Response, next: NextFunction, error: FailureError) => unknown)

// An object, so that the compiler sees when an option is missing here.
const optionNames = Object.keys({
  roles: true,
  permissions: true,
  tenant: true,
  stepUp: true,
  onSignedOut: true,
} satisfies Record<keyof RequireSessionOptions, true>)

/**
 * The rule to check, copied; undefined when any session will do. Pure. A misspelt option would be a
 * route that is open to everybody who can sign in, so it is an error.
 *
 * @throws {TypeError} an option cannot be right; the message names it
 */
export function checkedRule(options: RequireSessionOptions): AccessRule | undefined {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError('requireSession: options must be an object, such as { roles: ["admin"] }.')
  }
  onlyKnown('requireSession', options, optionNames)
  const { roles, permissions, stepUp, tenant } = options
  for (const [name, list] of Object.entries({ roles, permissions })) {
    if (list !== undefined && !isListOfNames(list)) {
      throw new TypeError(`requireSession: ${name} must be a list of names.`)
    }
  }
  if (stepUp !== undefined && typeof stepUp !== 'boolean') {
    throw new TypeError('requireSession: stepUp must be true or false.')
  }
  if (tenant !== undefined && !(typeof tenant === 'function' || isName(tenant))) {
    throw new TypeError('requireSession: tenant must be a tenant id or a function of the request.')
  }
  if ([roles, permissions, stepUp, tenant].every((option) => option === undefined)) return undefined
  return {
    roles: [...(roles ?? [])],
    permissions: [...(permissions ?? [])],
    stepUp: stepUp ?? false,
  }
}

/**
 * How this guard refuses. Pure.
 *
 * @param named the policies a guard of its kind can follow, functions aside
 * @throws {TypeError} it is none of these
 */
export function checkedPolicy<Policy extends SignedOutPolicy>(
  options: { readonly onSignedOut?: Policy },
  byDefault: Policy,
  named: readonly Policy[],
): Policy {
  const policy = options?.onSignedOut ?? byDefault
  if (typeof policy === 'function' || named.includes(policy)) return policy
  throw new TypeError(`requireSession: onSignedOut must be ${named.join(', ')} or a function.`)
}

/** The tenant this request is about; undefined where the route has none. */
export function tenantOf(
  tenant: RequireSessionOptions['tenant'],
  req: Request,
): string | undefined {
  if (typeof tenant !== 'function') return tenant
  const told = tenant(req)
  return typeof told === 'string' ? told : ''
}

function isListOfNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
