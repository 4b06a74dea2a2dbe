import type { Answer } from '../call.ts'

/** `GET /v1/mgmt/license`: SDKs ask when they are given a management key. */
export function license(): Answer {
  return { body: { rateLimitTier: 'tier1' } }
}
