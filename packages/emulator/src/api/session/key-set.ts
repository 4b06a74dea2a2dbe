import { isProjectId } from '../../world/worlds.ts'
import type { Answer, Call } from '../call.ts'
import { Refusal } from '../service-error.ts'

/** `GET /v2/keys/:projectId`. Only `keys`: the Go SDK takes every property for a list of keys. */
export async function keySet(call: Call): Promise<Answer> {
  return { body: { keys: await jwks(call) } }
}

/** `GET /v1/keys/:projectId`: the same keys as a bare array. */
export async function legacyKeySet(call: Call): Promise<Answer> {
  return { body: await jwks(call) }
}

async function jwks(call: Call): Promise<unknown[]> {
  if (!isProjectId(call.params['projectId'] ?? '')) {
    throw new Refusal('invalidRequest', 'The projectId field is invalid')
  }
  const published = await call.world.keys.published()
  return published.map((key) => key.jwk)
}
