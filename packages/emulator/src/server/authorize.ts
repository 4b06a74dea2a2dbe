import { type Bearer, looksLikeJwt } from '../api/bearer.ts'
import type { Endpoint } from '../api/endpoints.ts'
import { Refusal } from '../api/service-error.ts'
import { isProjectId } from '../world/worlds.ts'

/**
 * Whether the bearer may call the endpoint at all; pure. What a refresh token or an access key
 * allows is for the endpoint to say.
 *
 * @throws {Refusal} no project is named, or a management key is missing or wrong
 */
export function authorize(
  endpoint: Pick<Endpoint, 'access' | 'path'>,
  bearer: Bearer | undefined,
  managementKey: string,
): void {
  if (endpoint.access === 'open') return
  if (bearer === undefined || !isProjectId(bearer.projectId)) {
    throw new Refusal(
      'unauthorized',
      'A project id is required',
      'Send "Authorization: Bearer <projectId>": "P" and 27 to 40 letters and digits.',
    )
  }
  const key = endpoint.access === 'management' ? bearer.credential : authManagementKey(bearer)
  const needed = endpoint.access === 'management'
  if (key === managementKey || (key === undefined && !needed)) return
  // An access key stands where a management key may stand, too.
  if (!needed && bearer.trailingKey === undefined && endpoint.path.includes('/accesskey/')) return
  throw new Refusal(
    'unauthorized',
    'The management key is invalid',
    'The emulator prints its management key at start; startEmulator() answers it.',
  )
}

/** The key that a project with protected authentication endpoints wants with each call. */
function authManagementKey({ credential, trailingKey }: Bearer): string | undefined {
  if (trailingKey !== undefined) return trailingKey
  return credential === undefined || looksLikeJwt(credential) ? undefined : credential
}
