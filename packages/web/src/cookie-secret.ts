import { randomToken } from '@linkpass/core/internal'
import type { AppOrigin } from './app-url.ts'

const minSecretBytes = 32

/**
 * Checks the option `cookieSecret`. Without one, an app on loopback gets a random secret.
 *
 * @throws {TypeError} it is invalid, or absent where `appUrl` is not loopback
 */
export function cookieSecretsOf(given: unknown, app: AppOrigin): readonly [string, ...string[]] {
  if (given === undefined && app.loopback) {
    process.emitWarning('createAuth generated a cookieSecret, which is lost with this process.', {
      code: 'LINKPASS_COOKIE_SECRET',
      detail: 'Sign-in attempts do not survive a restart. Set cookieSecret in production.',
    })
    return [randomToken() + randomToken()]
  }
  const [first, ...rest]: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (isSecret(first) && rest.every(isSecret)) return Object.freeze([first, ...rest])
  throw new TypeError(
    'cookieSecret must be a string of at least 32 bytes, or a list of them: `openssl rand -base64 32` makes one.',
  )
}

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) >= minSecretBytes
}
