import { isProjectId } from '../../world/worlds.ts'
import type { EndpointResponse, Call } from '../call.ts'
import { ServiceError } from '../service-error.ts'

/** `GET /v2/keys/:projectId`. Only `keys`: the Go SDK parses every property as a list of keys. */
export async function keySet(call: Call): Promise<EndpointResponse> {
  return { body: { keys: await jwks(call) } }
}

/** `GET /v1/keys/:projectId`: the same keys as an array. */
export async function legacyKeySet(call: Call): Promise<EndpointResponse> {
  return { body: await jwks(call) }
}

async function jwks(call: Call): Promise<unknown[]> {
  if (!isProjectId(call.params['projectId'] ?? '')) {
    throw new ServiceError('invalidRequest', 'The projectId field is invalid')
  }
  const published = await call.world.keys.published()
  return published.map((key) => key.jwk)
}
