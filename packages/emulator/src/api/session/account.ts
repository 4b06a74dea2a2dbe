import { z } from 'zod'
import { readOwnToken, rfc3339 } from '../../world/tokens/tokens.ts'
import { tokenContext } from '../../world/world.ts'
import { userAnswer } from '../responses.ts'
import { type Answer, type Call, readBody, requireRefreshToken } from '../call.ts'
import { Refusal } from '../service-error.ts'
import { flag, names } from '../schemas.ts'

/** `GET /v1/auth/me`: who the refresh token belongs to. */
export async function me(call: Call): Promise<Answer> {
  const { user } = await requireRefreshToken(call)
  return { body: userAnswer(call.world, user) }
}

const tenantsRequest = z.object({ dct: flag, ids: names })

/**
 * `POST /v1/auth/me/tenants`: those of `ids`, else the current one with `dct: true`, else all.
 * SDKs send one of the two, both, or `dct` and `ids: null`.
 */
export async function myTenants(call: Call): Promise<Answer> {
  const { world } = call
  const { user, session } = await requireRefreshToken(call)
  const { dct, ids } = readBody(call, tenantsRequest)
  const mine = [...user.tenants.keys()]
  const current = session.tenant ?? (mine.length === 1 ? mine[0] : undefined)
  const wanted =
    ids.length > 0 || !dct
      ? mine.filter((id) => ids.length === 0 || ids.includes(id))
      : mine.filter((id) => id === current)
  const tenants = wanted.map((id) => ({
    id,
    name: world.state.tenantNames.get(id) ?? id,
    customAttributes: {},
  }))
  return { body: { tenants } }
}

/** `GET /v1/auth/me/history`: a bare array, newest first. */
export async function history(call: Call): Promise<Answer> {
  const { user } = await requireRefreshToken(call)
  return {
    body: user.history.map(({ at, ip, selectedTenant }) => ({
      userId: user.userId,
      loginTime: Math.floor(at / 1000),
      city: '',
      country: '',
      ip,
      selectedTenant,
    })),
  }
}

/** `POST /v1/auth/validate`: the claims of a session token, times as text. */
export async function validate(call: Call): Promise<Answer> {
  const jwt = call.bearer?.credential
  const claims = jwt && (await readOwnToken(tokenContext(call.world), jwt, 'DS'))
  if (!claims) {
    throw new Refusal('invalidToken', 'Failed to validate invalid JWT for any token - onetime')
  }
  return {
    body: { ...claims, exp: rfc3339(claims.exp * 1000), iat: rfc3339(claims.iat * 1000) },
  }
}
