import type { EndpointResponse } from '../call.ts'

/** `GET /v1/mgmt/license`: SDKs with a management key request it. */
export function license(): EndpointResponse {
  return { body: { rateLimitTier: 'tier1' } }
}
