import { createSealer } from '../crypto/sealer.ts'
import type { ServiceErrorDetails } from '../errors.ts'

/** The outcome of a refresh, for other requests with the same token: new tokens, or an error. */
export type RefreshResult =
  | { readonly sessionJwt: string; readonly refreshJwt: string }
  | { readonly errorResponse: ServiceErrorDetails }

const purpose = 'refresh result'

/**
 * Encrypts a result under the refresh token that was traded, so that only a holder of that token can
 * read it: access to the store alone does not sign anyone in.
 */
export function sealRefreshResult(refreshJwt: string, result: RefreshResult): string {
  return createSealer([refreshJwt]).seal(purpose, result)
}

/** The result in a sealed value; undefined when it was not sealed under this refresh token. */
export function openRefreshResult(refreshJwt: string, sealed: string): RefreshResult | undefined {
  const result = createSealer([refreshJwt]).open(purpose, sealed)
  return isRefreshResult(result) ? result : undefined
}

function isRefreshResult(value: unknown): value is RefreshResult {
  return (
    typeof value === 'object' &&
    value !== null &&
    ('sessionJwt' in value || 'errorResponse' in value)
  )
}
