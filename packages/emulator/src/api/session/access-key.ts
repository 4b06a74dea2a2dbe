import { z } from 'zod'
import type { AccessKeyRecord } from '../../world/users/access-keys.ts'
import { mintAccessKeyToken } from '../../world/tokens/tokens.ts'
import { tokenContext } from '../../world/world.ts'
import { type EndpointResponse, type Call, readBody } from '../call.ts'
import { ServiceError } from '../service-error.ts'
import { claims, text } from '../schemas.ts'

const exchangeRequest = z.object({
  loginOptions: z.object({ customClaims: claims, selectedTenant: text }).nullish(),
})

/** `POST /v1/auth/accesskey/exchange`: returns a session token for an access key. */
export async function exchangeAccessKey(call: Call): Promise<EndpointResponse> {
  const { world, bearer } = call
  if (bearer?.credential === undefined) {
    throw new ServiceError('missingAccessKey', 'The access key is missing')
  }
  const key = world.state.accessKeys.bySecret(bearer.credential)
  if (key === undefined || (key.endsAt !== undefined && key.endsAt <= world.clock.now())) {
    throw new ServiceError(
      'invalidAccessKey',
      'The access key is invalid',
      'The key is unknown or has expired.',
    )
  }
  const { loginOptions } = readBody(call, exchangeRequest)
  const tenant = loginOptions?.selectedTenant
  if (tenant !== undefined && !key.tenants.has(tenant)) {
    throw new ServiceError('invalidArguments', 'The access key is not associated with the tenant')
  }
  const { sessionJwt, sessionEndsAt } = await mintAccessKeyToken(tokenContext(world), key.keyId, {
    ...claimsOf(key),
    ...(loginOptions?.customClaims && { nsec: loginOptions.customClaims }),
    ...(tenant !== undefined && { dct: tenant }),
  })
  return { body: { keyId: key.keyId, sessionJwt, expiration: Math.floor(sessionEndsAt / 1000) } }
}

function claimsOf(key: AccessKeyRecord): Record<string, unknown> {
  return {
    ...key.customClaims,
    ...(key.roles.length > 0 && { roles: key.roles }),
    ...(key.tenants.size > 0 && { tenants: Object.fromEntries(key.tenants) }),
  }
}
