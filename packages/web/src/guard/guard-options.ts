import { checkOption, isWhole, onlyKnown } from '@linkpass/core/internal'
import type { AccessRule, RequiredNames } from './access.ts'

/** What a guarded route requires. All of it must hold. `R` is the framework's request. */
export interface GuardOptions<R extends object> extends AccessRule {
  /**
   * The tenant that a request is about, or how to tell it from the request. A value that is not one
   * string matches no tenant.
   * @default none
   */
  tenant?: string | TenantOf<R>
  /**
   * The `Cache-Control` of responses behind the guard, where the app sets none; `false` sets none.
   * @default 'private, no-store' for a page, 'private, no-cache' for anything else
   */
  cacheControl?: string | false
}

// A method's type, so that the guards of any framework are guards here.
type TenantOf<R> = { of(request: R): string | readonly string[] | undefined }['of']

/**
 * How a guard responds to a request that it does not let through. `auto`: a page navigation goes to
 * the sign-in page or gets an error page, a form that was sent gets a page, and any other request
 * gets JSON. `json`: always JSON. `redirect`: each GET without a session goes to the sign-in page.
 * `app`: the app responds.
 */
export type FailurePolicy = 'auto' | 'json' | 'redirect' | 'app'

/** How an adapter's guard is made. */
export interface GuardSetup<R extends object> {
  readonly options: GuardOptions<R>
  readonly policy: FailurePolicy
  /** Names of the options that the adapter adds and checks itself. */
  readonly adapterOptions: readonly string[]
}

/**
 * The setup of an adapter's guard, by its options. With a function as `onSignedOut`, or `next`, the app
 * responds.
 *
 * @param words the words that the adapter takes for `onSignedOut`, the default first
 * @param others the names of its other options
 * @throws {TypeError} `onSignedOut` is neither one of the words nor a function
 */
export function guardSetup<R extends object>(
  options: GuardOptions<R> & { readonly onSignedOut?: unknown },
  words: readonly (Exclude<FailurePolicy, 'app'> | 'next')[],
  others: readonly string[] = [],
): GuardSetup<R> {
  const adapterOptions = ['onSignedOut', ...others]
  const { onSignedOut: given = words[0] } = options ?? {}
  if (typeof given === 'function') return { options, policy: 'app', adapterOptions }
  const word = words.find((one) => one === given)
  checkOption(word, `requireSession: onSignedOut must be ${words.join(', ')} or a function.`)
  return { options, policy: word === 'next' ? 'app' : word, adapterOptions }
}

// An object, so that the compiler sees when an option is missing here.
const optionNames = Object.keys({
  roles: true,
  permissions: true,
  tenant: true,
  stepUp: true,
  cacheControl: true,
} satisfies Record<keyof GuardOptions<object>, true>)

/**
 * The rule to check, copied; undefined when any session will do. A misspelt option would open the
 * route to every signed-in user, so it is an error.
 *
 * @param adapterOptions names of the options that the adapter adds and checks itself
 * @throws {TypeError} an option is invalid; the message names it
 */
export function checkedRule(
  options: GuardOptions<object>,
  adapterOptions: readonly string[] = [],
): AccessRule | undefined {
  checkOption(
    typeof options === 'object' && options !== null && !Array.isArray(options),
    'requireSession: options must be an object, such as { roles: ["admin"] }.',
  )
  checkOptionNames('requireSession', options, [...optionNames, ...adapterOptions])
  const { roles, permissions, stepUp, tenant } = options
  for (const [name, value] of Object.entries({ roles, permissions, stepUp, tenant })) {
    // Such as a misspelt constant.
    checkOption(
      value !== undefined || !(name in options),
      `requireSession: ${name} is undefined, which would ask for none. Leave it out if that is meant.`,
    )
  }
  checkCacheControl(options.cacheControl)
  for (const [name, list] of Object.entries({ roles, permissions })) {
    checkOption(
      list === undefined || isRequiredNames(list),
      `requireSession: ${name} must be a list of names, all of which are required, or { any: [...] } for at least one.`,
    )
  }
  checkOption(
    isStepUp(stepUp),
    'requireSession: stepUp must be true, false or { maxAgeSeconds } with a whole number from 1 to 3600.',
  )
  checkOption(
    tenant === undefined || typeof tenant === 'function' || isName(tenant),
    'requireSession: tenant must be a tenant id or a function of the request.',
  )
  if ([roles, permissions, stepUp, tenant].every((option) => option === undefined)) return undefined
  return {
    roles: structuredClone(roles ?? []),
    permissions: structuredClone(permissions ?? []),
    stepUp: structuredClone(stepUp ?? false),
  }
}

/**
 * Only known options, and no request: who calls `requireSession(request)` takes what it returns for the
 * outcome, and lets everyone in.
 *
 * @throws {TypeError} an option is unknown; the message names it
 */
export function checkOptionNames(owner: string, options: object, known: readonly string[]): void {
  checkOption(
    !('headers' in Object(options)),
    `${owner}() makes a guard, and takes no request. Call the guard: ${owner}()(request).`,
  )
  onlyKnown(owner, options, known)
}

/** @throws {TypeError} it is neither false nor a value of the header */
export function checkCacheControl(value: unknown): void {
  const isValue = typeof value === 'string' && /^[\x20-\x7e]+$/.test(value)
  checkOption(
    value === undefined || value === false || isValue,
    'cacheControl must be false, or a value of Cache-Control.',
  )
}

/** The tenant that this request is about; undefined where the route has none. */
export function tenantOf(
  tenant: GuardOptions<object>['tenant'],
  request: object,
): string | undefined {
  if (typeof tenant !== 'function') return tenant
  const told: unknown = tenant(request)
  if (told instanceof Promise) {
    // A rejection that nothing handles ends the process.
    told.catch(() => {})
    throw new TypeError('requireSession: tenant must return a tenant id, and no promise of one.')
  }
  return typeof told === 'string' ? told : ''
}

// The age of a step-up is remembered for an hour.
function isStepUp(value: AccessRule['stepUp']): boolean {
  if (typeof value !== 'object' || value === null) {
    return value === undefined || typeof value === 'boolean'
  }
  const { maxAgeSeconds, ...others } = value
  return Object.keys(others).length === 0 && isWhole(maxAgeSeconds, 1, 3600)
}

function isRequiredNames(value: RequiredNames): boolean {
  if (isListOfNames(value)) return true
  const { any, ...others }: { readonly any?: unknown } = Object(value)
  // At least one of none would never hold.
  return isListOfNames(any) && any.length > 0 && Object.keys(others).length === 0
}

function isListOfNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
