import { type Bearer, looksLikeJwt } from '../api/bearer.ts'
import type { Endpoint } from '../api/endpoint.ts'
import { ServiceError } from '../api/service-error.ts'
import { isProjectId } from '../world/worlds.ts'

/**
 * Checks the project id and the management key of a request. The endpoint itself checks refresh
 * tokens and access keys.
 *
 * @throws {ServiceError} the project id is missing, or a management key is missing or wrong
 */
export function authorize(
  endpoint: Pick<Endpoint, 'access' | 'path'>,
  bearer: Bearer | undefined,
  header: string | undefined,
  managementKey: string,
): void {
  if (endpoint.access === 'open') return
  if (header !== undefined && shiftedArgument.test(header)) {
    throw new ServiceError(
      'unauthorized',
      'The Authorization header has a value that is no token',
      'The arguments of the call are shifted. The order is update.email(loginId, email, URI, token, options), and the same for update.phone: the third one is the redirect URL, the fourth the refresh token.',
    )
  }
  if (bearer === undefined || !isProjectId(bearer.projectId)) {
    throw new ServiceError(
      'unauthorized',
      'A project id is required',
      'Send "Authorization: Bearer <projectId>". A project id is "P" and 27 to 40 letters and digits.',
    )
  }
  const required = endpoint.access === 'management'
  const key = required ? bearer.credential : authManagementKey(bearer)
  if (key === managementKey || (key === undefined && !required)) return
  // An access key is sent in the place of a management key.
  if (!required && bearer.trailingKey === undefined && endpoint.path.includes('/accesskey/')) return
  throw new ServiceError(
    'unauthorized',
    key === undefined ? 'A management key is required' : 'The management key is invalid',
    'Use the management key that the emulator prints when it starts, or managementKey of startEmulator().',
  )
}

// What JavaScript makes of an argument that is not a token; a URL, an address and a phone number.
const shiftedArgument = /:(?:\[object |undefined\b|null\b|\w+:\/\/|[^:\s]+@|\+\d)/

/** The management key that a project with protected authentication endpoints requires. */
function authManagementKey({ credential, trailingKey }: Bearer): string | undefined {
  if (trailingKey !== undefined) return trailingKey
  return credential === undefined || looksLikeJwt(credential) ? undefined : credential
}
