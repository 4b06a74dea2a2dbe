import type { ServiceError } from './errors.ts'

/**
 * What the service says of a token that it was handed, and of nothing else (from the docs): it is
 * no good, its person is gone, it has expired, a logout ended it.
 */
const codes: ReadonlySet<string> = new Set(['E061005', 'E062108', 'E062504', 'E064001'])

/**
 * Whether a refusal is of the token itself. Pure.
 *
 * Our choice, since nothing says what a wrong or rotated management key is answered with, or the
 * wrong project: whatever is not known to be about the token may be about the deployment, above all
 * `E061004`, an unauthorized request. A mistake of ours must not end anybody's session, so only
 * these codes do, with status 400 or 401.
 */
export function isTokenRefusal({
  status,
  errorCode,
}: Pick<ServiceError, 'status' | 'errorCode'>): boolean {
  return (status === 400 || status === 401) && codes.has(errorCode)
}
