import { BoundedMap } from '../bounded-map.ts'
import { randomSecret } from '../random.ts'

/** A session: a family of refresh tokens, of which only the newest is current. */
export interface SessionRecord {
  readonly userId: string
  /** The authentication factors: `email`, `sms`, `mfa`, … */
  readonly amr: readonly string[]
  /** `customClaims` of the sign-in; the claim `nsec`. */
  readonly customClaims: Record<string, unknown> | undefined
  /** Claims at the top level of the tokens, which only the management API sets. */
  claims: Record<string, unknown> | undefined
  /** The tenant of the session; the claim `dct`. */
  readonly tenant: string | undefined
  /** When `su` ends, in milliseconds since the epoch. */
  readonly stepUpUntil: number | undefined
  /** When the refresh token ends, in milliseconds since the epoch. Rotation does not change it. */
  endsAt: number
  /** When the session was started or last refreshed, in milliseconds since the epoch. */
  refreshedAt: number
  /** The `jti` of the current refresh token. */
  tokenId: string
  /** The ids of rotated tokens, and until when each is still accepted. */
  readonly rotated: Map<string, number>
}

/** The fields that a caller sets on a new session. */
type SessionDetails = Omit<SessionRecord, 'tokenId' | 'rotated'>

/**
 * The status of a refresh token: `grace` is a rotated one within its grace period, `reused` one after
 * it, so that someone has a copy; `unknown` was logged out, revoked or never issued.
 */
type RefreshTokenStatus =
  | { status: 'current' | 'grace' | 'reused'; session: SessionRecord }
  | { status: 'unknown' }

/** The active sessions of a world. */
export interface SessionRegistry {
  start(details: SessionDetails): SessionRecord
  find(tokenId: string, now: number): RefreshTokenStatus
  /** Gives the session a new token id; the old one is accepted for another `graceMs`. */
  rotate(session: SessionRecord, now: number, graceMs: number): void
  end(session: SessionRecord): void
  endAll(userId: string): void
}

/** An empty registry that keeps the `maxTokens` newest refresh tokens. */
export function createSessionRegistry(maxTokens: number): SessionRegistry {
  // Includes rotated token ids, so that a reused token can be told apart from an unknown one.
  const byTokenId = new BoundedMap<string, SessionRecord>(maxTokens)

  function endWhere(matches: (session: SessionRecord) => boolean): void {
    for (const [tokenId, session] of byTokenId) if (matches(session)) byTokenId.delete(tokenId)
  }

  return {
    start: (details) => {
      const session: SessionRecord = { ...details, tokenId: randomSecret(), rotated: new Map() }
      byTokenId.set(session.tokenId, session)
      return session
    },
    find: (tokenId, now) => {
      const session = byTokenId.get(tokenId)
      if (session === undefined) return { status: 'unknown' }
      if (session.tokenId === tokenId) return { status: 'current', session }
      const until = session.rotated.get(tokenId)
      return { status: until !== undefined && now < until ? 'grace' : 'reused', session }
    },
    rotate: (session, now, graceMs) => {
      for (const [tokenId, until] of session.rotated) {
        if (until <= now) session.rotated.delete(tokenId)
      }
      session.rotated.set(session.tokenId, now + graceMs)
      session.tokenId = randomSecret()
      byTokenId.set(session.tokenId, session)
    },
    end: (session) => endWhere((known) => known === session),
    endAll: (userId) => endWhere((session) => session.userId === userId),
  }
}
