import { z } from 'zod'
import { emptySessionResponse, sessionResponse } from '../responses.ts'
import { type EndpointResponse, type Call, readBody, requireRefreshToken } from '../call.ts'
import { ServiceError } from '../service-error.ts'

/** `POST|GET /v1/auth/refresh`: returns a new session token and, with rotation, a new refresh token. */
export async function refresh(call: Call): Promise<EndpointResponse> {
  const { world } = call
  const { user, session, isCurrent } = await requireRefreshToken(call)
  const { settings, state, clock } = world
  session.refreshedAt = clock.now()
  // Within its grace period the old token gets the new one again: the first response may be lost.
  if (settings.rotateRefreshTokens && isCurrent) {
    state.sessions.rotate(session, clock.now(), settings.rotationGraceSeconds * 1000)
  }
  return sessionResponse(world, user, session, {
    firstSeen: false,
    withRefreshToken: settings.rotateRefreshTokens,
  })
}

/** `POST /v1/auth/try-refresh`: the same, but an error is returned as an empty object with 200. */
export async function tryRefresh(call: Call): Promise<EndpointResponse> {
  try {
    const { body, cookies } = await refresh(call)
    const { user: _user, firstSeen: _firstSeen, ...rest } = z.looseObject({}).parse(body)
    return { body: rest, ...(cookies && { cookies }) }
  } catch (error) {
    if (error instanceof ServiceError) return { body: {} }
    throw error
  }
}

/** `POST /v1/auth/logout`: ends the session of the refresh token. */
export async function logout(call: Call): Promise<EndpointResponse> {
  const { session } = await requireRefreshToken(call)
  call.world.state.sessions.end(session)
  return emptySessionResponse(call.world)
}

/** `POST /v1/auth/logoutall`: ends every session of the user. */
export async function logoutAll(call: Call): Promise<EndpointResponse> {
  const { user } = await requireRefreshToken(call)
  call.world.state.sessions.endAll(user.userId)
  return emptySessionResponse(call.world)
}

/** `POST /v1/auth/tenant/select`: returns new tokens for the session, in one tenant. */
export async function selectTenant(call: Call): Promise<EndpointResponse> {
  const { world } = call
  const { user, session } = await requireRefreshToken(call)
  const { tenant } = readBody(call, z.object({ tenant: z.string().min(1) }))
  if (!user.tenants.has(tenant)) {
    throw new ServiceError('invalidArguments', 'The user is not associated with the tenant')
  }
  // The old refresh token stays valid: no source states that selecting a tenant ends it.
  const { tokenId: _tokenId, rotated: _rotated, ...details } = session
  const selected = world.state.sessions.start({ ...details, tenant })
  return sessionResponse(world, user, selected, { firstSeen: false, withRefreshToken: true })
}
