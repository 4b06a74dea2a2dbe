import type { z } from 'zod'
import type { SessionRecord } from '../world/sessions/session-registry.ts'
import { readToken } from '../world/tokens/tokens.ts'
import type { UserRecord } from '../world/users/user-directory.ts'
import { type World, tokenContext } from '../world/world.ts'
import type { Bearer } from './bearer.ts'
import { ServiceError } from './service-error.ts'

/** One request to the service, as the endpoints read it, independent of the web framework. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly world: World
  readonly bearer: Bearer | undefined
  /** The refresh token of the bearer or, in cookie mode, of the cookie. */
  readonly refreshJwt: string | undefined
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** The parsed JSON; `{}` for an empty body. */
  readonly body: unknown
  readonly ip: string
}

/** The response of an endpoint, always with status 200. */
export interface EndpointResponse {
  readonly body: unknown
  /** Complete Set-Cookie values. */
  readonly cookies?: readonly string[]
}

/**
 * The body, parsed by the schema.
 *
 * @throws {ServiceError} a field does not match the schema; the message names it
 */
export function readBody<T>(call: Call, schema: z.ZodType<T>): T {
  return readFields(call.body, schema)
}

/** The same for any part of a request, such as its query or one entry of a list. */
export function readFields<T>(given: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path ?? []
  const field = path.join('.')
  const value = valueAt(given, path)
  throw new ServiceError(
    'invalidRequest',
    field !== '' && (value === undefined || value === null || value === '')
      ? `The ${field} field is required`
      : `The ${field || 'body'} field is invalid: ${issue?.message ?? 'not as documented'}`,
  )
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (typeof value !== 'object' || value === null) return undefined
  return valueAt(Object.getOwnPropertyDescriptor(value, key)?.value, rest)
}

/** @throws {ServiceError} the user was deactivated, or has expired */
export function requireActive({ status }: Pick<UserRecord, 'status'>): void {
  if (status !== 'disabled' && status !== 'expired') return
  throw new ServiceError(
    'unauthorized',
    `The user is ${status}`,
    'Activate the user with /v1/mgmt/user/update/status.',
  )
}

/** The user and the session of the refresh token in a request. */
export interface SignedInCaller {
  readonly user: UserRecord
  readonly session: SessionRecord
  /** False for a rotated token that is still within its grace period. */
  readonly isCurrent: boolean
}

/**
 * The user and the session of the refresh token in the request.
 *
 * @throws {ServiceError} the token is missing, is not one of this world, or its session has ended
 */
export async function requireRefreshToken(call: Call): Promise<SignedInCaller> {
  const { world, refreshJwt } = call
  if (refreshJwt === undefined) {
    throw new ServiceError(
      'unauthorized',
      'A refresh token is required',
      'Send "Authorization: Bearer <projectId>:<refreshJwt>", or the refresh cookie.',
    )
  }
  const claims = await readToken(tokenContext(world), refreshJwt, 'DSR')
  if (claims === undefined) {
    throw new ServiceError(
      'invalidToken',
      'Failed to validate the refresh token',
      'The token has expired, was signed by a retired key or by another emulator, or is not a refresh token.',
    )
  }
  const found = world.state.sessions.find(claims.jti, world.clock.now())
  if (found.status === 'unknown') {
    throw new ServiceError(
      'loggedOut',
      'The session was ended',
      'The session was logged out, or the emulator was reset.',
    )
  }
  const { session } = found
  if (found.status === 'reused') {
    world.state.sessions.end(session)
    throw new ServiceError(
      'loggedOut',
      'The refresh token was rotated',
      'The token was used again after its grace period, so every token of its family is revoked.',
    )
  }
  const { inactivitySeconds = Infinity } = world.settings
  if (world.clock.now() >= session.refreshedAt + inactivitySeconds * 1000) {
    world.state.sessions.end(session)
    throw new ServiceError(
      'loggedOut',
      'The session was inactive for too long',
      `It was not refreshed for ${inactivitySeconds} seconds (inactivitySeconds).`,
    )
  }
  const user = world.state.users.byId(session.userId)
  if (user === undefined) throw new ServiceError('userNotFound', 'Cannot find user')
  return { user, session, isCurrent: found.status === 'current' }
}
