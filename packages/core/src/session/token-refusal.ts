import type { ServiceError } from '../errors.ts'

/**
 * What the service says of a request or of a deployment, and not of the token it was handed (from the
 * docs): the request has no shape it knows, is not authorized (a wrong or rotated management key, the
 * wrong project), or its access key is missing or no good.
 */
const otherCodes: ReadonlySet<string> = new Set([
  ...['E011001', 'E011002', 'E011003', 'E011004'],
  ...['E061004', 'E062802', 'E062803'],
])

/**
 * Whether a refusal is of the token itself, which is then over. Pure.
 *
 * Our choice, since nobody says what a wrong key is answered with: a mistake of ours must not end
 * anybody's session, so the codes above do not. A code that is not known here does: else somebody
 * whose session is over would be told to try again for weeks.
 */
export function isTokenRefusal({
  status,
  errorCode,
}: Pick<ServiceError, 'status' | 'errorCode'>): boolean {
  return (status === 400 || status === 401) && errorCode !== '' && !otherCodes.has(errorCode)
}
