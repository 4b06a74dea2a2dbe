import { z } from 'zod'
import type { AccessKeyRecord } from '../../world/users/access-keys.ts'
import { mintAccessKeyToken } from '../../world/tokens/tokens.ts'
import { permissionsOf } from '../../world/users/catalogue.ts'
import { isInNetworks } from '../../world/users/networks.ts'
import { type World, tokenContext } from '../../world/world.ts'
import { type EndpointResponse, type Call, readBody } from '../call.ts'
import { ServiceError } from '../service-error.ts'
import { claims, text } from '../schemas.ts'

const exchangeRequest = z.object({
  loginOptions: z.object({ customClaims: claims, selectedTenant: text }).nullish(),
})

/** `POST /v1/auth/accesskey/exchange`: returns a session token for an access key. */
export async function exchangeAccessKey(call: Call): Promise<EndpointResponse> {
  const { world, bearer, ip } = call
  if (bearer?.credential === undefined) {
    throw new ServiceError('missingAccessKey', 'The access key is missing')
  }
  const key = world.state.accessKeys.bySecret(bearer.credential)
  const expired = key?.endsAt !== undefined && key.endsAt <= world.clock.now()
  if (key === undefined || expired || !key.active || !isPermitted(key, ip)) {
    throw new ServiceError(
      'invalidAccessKey',
      'The access key is invalid',
      'The key is unknown, has expired, was deactivated, or does not permit the IP address of the caller.',
    )
  }
  const { loginOptions } = readBody(call, exchangeRequest)
  const tenant = loginOptions?.selectedTenant
  if (tenant !== undefined && !key.tenants.has(tenant)) {
    throw new ServiceError('invalidArguments', 'The access key is not associated with the tenant')
  }
  const { sessionJwt, sessionEndsAt } = await mintAccessKeyToken(tokenContext(world), key.keyId, {
    ...claimsOf(world, key),
    ...(loginOptions?.customClaims && { nsec: loginOptions.customClaims }),
    ...(tenant !== undefined && { dct: tenant }),
  })
  return { body: { keyId: key.keyId, sessionJwt, expiration: Math.floor(sessionEndsAt / 1000) } }
}

function claimsOf({ state }: World, key: AccessKeyRecord): Record<string, unknown> {
  const { roles } = key
  const permissions = permissionsOf(state.catalogue, { roles, permissions: [] })
  const tenants = Array.from(key.tenants, ([id, membership]) => [
    id,
    { roles: membership.roles, permissions: permissionsOf(state.catalogue, membership, id) },
  ])
  return {
    ...key.customClaims,
    ...(roles.length > 0 && { roles }),
    ...(permissions.length > 0 && { permissions }),
    ...(tenants.length > 0 && { tenants: Object.fromEntries(tenants) }),
  }
}

function isPermitted({ permittedIps }: AccessKeyRecord, ip: string): boolean {
  return permittedIps.length === 0 || isInNetworks(ip, permittedIps)
}
