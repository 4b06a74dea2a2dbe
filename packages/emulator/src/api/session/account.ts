import { z } from 'zod'
import { readToken, rfc3339 } from '../../world/tokens/tokens.ts'
import { tokenContext } from '../../world/world.ts'
import type { UserRecord } from '../../world/users/user-directory.ts'
import { tenantName } from '../../world/users/catalogue.ts'
import { userResponse } from '../responses.ts'
import { type EndpointResponse, type Call, readBody, requireRefreshToken } from '../call.ts'
import { ServiceError } from '../service-error.ts'
import { flag, names } from '../schemas.ts'

/** `GET /v1/auth/me`: the user of the refresh token. */
export async function me(call: Call): Promise<EndpointResponse> {
  const { user } = await requireRefreshToken(call)
  return { body: userResponse(call.world, user) }
}

const tenantsRequest = z.object({ dct: flag, ids: names })

/**
 * `POST /v1/auth/me/tenants`: the tenants of `ids`, else the current one with `dct: true`, else all.
 * SDKs send one of the two fields, both, or `dct` and `ids: null`.
 */
export async function myTenants(call: Call): Promise<EndpointResponse> {
  const { world } = call
  const { user, session } = await requireRefreshToken(call)
  const { dct, ids } = readBody(call, tenantsRequest)
  const mine = [...user.tenants.keys()]
  const current = session.tenant ?? (mine.length === 1 ? mine[0] : undefined)
  const wanted =
    ids.length > 0 || !dct
      ? mine.filter((id) => ids.length === 0 || ids.includes(id))
      : mine.filter((id) => id === current)
  const { catalogue } = world.state
  const tenants = wanted.map((id) => ({
    id,
    name: tenantName(catalogue, id),
    customAttributes: catalogue.tenants.get(id)?.customAttributes ?? {},
  }))
  return { body: { tenants } }
}

/** `GET /v1/auth/me/history`: the sign-ins as an array, newest first. */
export async function history(call: Call): Promise<EndpointResponse> {
  const { user } = await requireRefreshToken(call)
  return { body: historyOf(user) }
}

/** The sign-ins of a user in the format of the service, newest first. */
export function historyOf({ userId, history: signIns }: UserRecord): Record<string, unknown>[] {
  return signIns.map(({ at, ip, selectedTenant }) => ({
    userId,
    loginTime: Math.floor(at / 1000),
    city: '',
    country: '',
    ip,
    selectedTenant,
  }))
}

/** `POST /v1/auth/validate`: the claims of a session token, with times as text. */
export async function validate(call: Call): Promise<EndpointResponse> {
  const jwt = call.bearer?.credential
  const claims = jwt && (await readToken(tokenContext(call.world), jwt, 'DS'))
  if (!claims) {
    throw new ServiceError('invalidToken', 'Failed to validate invalid JWT for any token - onetime')
  }
  return {
    body: { ...claims, exp: rfc3339(claims.exp * 1000), iat: rfc3339(claims.iat * 1000) },
  }
}
