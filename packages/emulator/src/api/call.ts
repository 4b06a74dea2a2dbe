import type { z } from 'zod'
import type { SessionRecord } from '../world/sessions/session-registry.ts'
import { readOwnToken } from '../world/tokens/tokens.ts'
import type { UserRecord } from '../world/users/user-directory.ts'
import { type World, tokenContext } from '../world/world.ts'
import type { Bearer } from './bearer.ts'
import { Refusal } from './service-error.ts'

/** One request to the service, as the endpoints see it: no framework in sight. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly world: World
  readonly bearer: Bearer | undefined
  /** The refresh token of the bearer or, in cookie mode, of the cookie. */
  readonly refreshJwt: string | undefined
  readonly params: Readonly<Record<string, string>>
  /** The parsed JSON; `{}` for an empty body. */
  readonly body: unknown
  readonly ip: string
}

/** What an endpoint answers with status 200. */
export interface Answer {
  readonly body: unknown
  /** Whole Set-Cookie values. */
  readonly cookies?: readonly string[]
}

/**
 * The body, as the schema has it.
 *
 * @throws {Refusal} naming the field that is not as expected
 */
export function readBody<T>(call: Call, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(call.body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path ?? []
  const field = path.join('.')
  const given = valueAt(call.body, path)
  throw new Refusal(
    'invalidRequest',
    field !== '' && (given === undefined || given === null || given === '')
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

/** Who acts, by the refresh token that was presented. */
export interface Acting {
  readonly user: UserRecord
  readonly session: SessionRecord
  /** False for a token that was rotated away within its grace. */
  readonly isCurrent: boolean
}

/**
 * The session of the presented refresh token.
 *
 * @throws {Refusal} none was presented, it is not one of this world's, or its session is over
 */
export async function requireRefreshToken(call: Call): Promise<Acting> {
  const { world, refreshJwt } = call
  if (refreshJwt === undefined) {
    throw new Refusal(
      'unauthorized',
      'A refresh token is required',
      'Send "Authorization: Bearer <projectId>:<refreshJwt>", or the refresh cookie.',
    )
  }
  const claims = await readOwnToken(tokenContext(world), refreshJwt, 'DSR')
  if (claims === undefined) {
    throw new Refusal(
      'invalidToken',
      'Failed to validate the refresh token',
      'It is expired, was signed by a retired key or another emulator, or is no refresh token.',
    )
  }
  const presented = world.state.sessions.present(claims.jti, world.clock.now())
  if (presented.standing === 'unknown') {
    throw new Refusal('loggedOut', 'The session was ended', 'It was logged out, or reset.')
  }
  const { session } = presented
  if (presented.standing === 'reused') {
    world.state.sessions.end(session)
    throw new Refusal(
      'loggedOut',
      'The refresh token was rotated',
      'It was used again after its grace, so every token of its family is revoked.',
    )
  }
  const user = world.state.users.byId(session.userId)
  if (user === undefined) throw new Refusal('userNotFound', 'Cannot find user')
  return { user, session, isCurrent: presented.standing === 'current' }
}
