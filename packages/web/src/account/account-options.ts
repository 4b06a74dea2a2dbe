import { onlyKnown } from '@linkpass/core/internal'

/** Which changes a signed-in user may make to their account by the routes, and what they take. */
export interface AccountOptions {
  /** Whether `POST /email` sends a link to a new address. @default false */
  email?: boolean
  /** Whether `POST /phone` sends a link to a new number. @default false */
  phone?: boolean
  /** How old the step-up may be that both need, in seconds, at most an hour. @default 600 */
  maxAgeSeconds?: number
}

/** {@link AccountOptions} with every default applied. Frozen. */
export interface AccountSettings {
  readonly email: boolean
  readonly phone: boolean
  readonly maxAgeSeconds: number
}

/** The age of a step-up is remembered for an hour. */
const mostSeconds = 3600

/**
 * Checks and copies the option, and applies every default.
 *
 * @throws {TypeError} it is invalid; the message names it and the fix
 */
export function resolveAccountOptions(account: AccountOptions = {}): AccountSettings {
  if (typeof account !== 'object' || account === null) {
    throw new TypeError('account must be an object, such as { email: true }.')
  }
  onlyKnown('account', account, ['email', 'phone', 'maxAgeSeconds'])
  const { email = false, phone = false, maxAgeSeconds = 600 } = account
  for (const [name, value] of Object.entries({ email, phone })) {
    if (typeof value !== 'boolean') throw new TypeError(`account.${name} must be true or false.`)
  }
  if (!Number.isInteger(maxAgeSeconds) || maxAgeSeconds < 1 || maxAgeSeconds > mostSeconds) {
    throw new TypeError('account.maxAgeSeconds must be a whole number from 1 to 3600.')
  }
  return Object.freeze({ email, phone, maxAgeSeconds })
}
