import { z } from 'zod'
import { emptySessionAnswer, sessionAnswer } from '../responses.ts'
import { type Answer, type Call, readBody, requireRefreshToken } from '../call.ts'
import { Refusal } from '../service-error.ts'

/** `POST|GET /v1/auth/refresh`: a new session token and, with rotation, a new refresh token. */
export async function refresh(call: Call): Promise<Answer> {
  const { world } = call
  const { user, session, isCurrent } = await requireRefreshToken(call)
  const { settings, state, clock } = world
  // Within its grace the old token gets the successor again: the answer may have been lost.
  if (settings.rotateRefreshTokens && isCurrent) {
    state.sessions.rotate(session, clock.now(), settings.rotationGraceSeconds * 1000)
  }
  return sessionAnswer(world, user, session, {
    firstSeen: false,
    withRefreshToken: settings.rotateRefreshTokens,
  })
}

/** `POST /v1/auth/try-refresh`: the same, but a refusal is an empty 200. */
export async function tryRefresh(call: Call): Promise<Answer> {
  try {
    const { body, cookies } = await refresh(call)
    const { user: _user, firstSeen: _firstSeen, ...rest } = z.looseObject({}).parse(body)
    return { body: rest, ...(cookies && { cookies }) }
  } catch (error) {
    if (error instanceof Refusal) return { body: {} }
    throw error
  }
}

/** `POST /v1/auth/logout`: ends the session of the presented refresh token. */
export async function logout(call: Call): Promise<Answer> {
  const { session } = await requireRefreshToken(call)
  call.world.state.sessions.end(session)
  return emptySessionAnswer(call.world)
}

/** `POST /v1/auth/logoutall`: ends every session of the person. */
export async function logoutAll(call: Call): Promise<Answer> {
  const { user } = await requireRefreshToken(call)
  call.world.state.sessions.endAll(user.userId)
  return emptySessionAnswer(call.world)
}

/** `POST /v1/auth/tenant/select`: the session goes on in one tenant, with new tokens. */
export async function selectTenant(call: Call): Promise<Answer> {
  const { world } = call
  const { user, session } = await requireRefreshToken(call)
  const { tenant } = readBody(call, z.object({ tenant: z.string().min(1) }))
  if (!user.tenants.has(tenant)) {
    throw new Refusal('invalidArguments', 'The user is not associated with the tenant')
  }
  // The presented token stays good: nothing says that selecting a tenant ends it.
  const { tokenId: _tokenId, retired: _retired, ...details } = session
  const selected = world.state.sessions.start({ ...details, tenant })
  return sessionAnswer(world, user, selected, { firstSeen: false, withRefreshToken: true })
}
