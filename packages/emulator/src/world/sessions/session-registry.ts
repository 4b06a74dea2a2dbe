import { BoundedMap } from '../bounded-map.ts'
import { randomSecret } from '../random.ts'

/** One sign-in that lasts: a family of refresh tokens, of which the newest counts. */
export interface SessionRecord {
  readonly userId: string
  /** How the person signed in: `email`, `sms`, `mfa`, … */
  readonly amr: readonly string[]
  /** What the caller passed as `customClaims`; lands in `nsec`. */
  readonly customClaims: Record<string, unknown> | undefined
  /** The tenant the session is in; lands in `dct`. */
  readonly tenant: string | undefined
  /** Until when `su` holds, in milliseconds since the epoch. */
  readonly stepUpUntil: number | undefined
  /** When the refresh token ends, in milliseconds since the epoch. Rotation does not move it. */
  readonly endsAt: number
  /** The `jti` of the refresh token that counts. */
  tokenId: string
  /** Those that were rotated away, and until when each may still be presented. */
  readonly retired: Map<string, number>
}

/** What a session is started with. */
export type SessionDetails = Omit<SessionRecord, 'tokenId' | 'retired'>

/** What presenting a refresh token amounts to. */
export type Presented =
  | { standing: 'current' | 'grace'; session: SessionRecord }
  /** A token that was rotated away long ago: somebody has a copy. */
  | { standing: 'reused'; session: SessionRecord }
  /** Logged out, revoked, or never issued. */
  | { standing: 'unknown' }

/** The running sessions of a world. */
export interface SessionRegistry {
  start(details: SessionDetails): SessionRecord
  present(tokenId: string, now: number): Presented
  /** Gives the session a new token id; the old one is accepted for `graceMs` more. */
  rotate(session: SessionRecord, now: number, graceMs: number): void
  end(session: SessionRecord): void
  endAll(userId: string): void
}

/** An empty registry that remembers the `maxTokens` youngest refresh tokens. */
export function createSessionRegistry(maxTokens: number): SessionRegistry {
  // Rotated token ids stay in here, so that presenting one again can be told from a forgery.
  const byTokenId = new BoundedMap<string, SessionRecord>(maxTokens)

  const end = (session: SessionRecord): void => {
    for (const [tokenId, known] of byTokenId) if (known === session) byTokenId.delete(tokenId)
  }

  return {
    start: (details) => {
      const session: SessionRecord = { ...details, tokenId: randomSecret(), retired: new Map() }
      byTokenId.set(session.tokenId, session)
      return session
    },
    present: (tokenId, now) => {
      const session = byTokenId.get(tokenId)
      if (session === undefined) return { standing: 'unknown' }
      if (session.tokenId === tokenId) return { standing: 'current', session }
      const until = session.retired.get(tokenId)
      return { standing: until !== undefined && now < until ? 'grace' : 'reused', session }
    },
    rotate: (session, now, graceMs) => {
      for (const [tokenId, until] of session.retired) {
        if (until <= now) session.retired.delete(tokenId)
      }
      session.retired.set(session.tokenId, now + graceMs)
      session.tokenId = randomSecret()
      byTokenId.set(session.tokenId, session)
    },
    end,
    endAll: (userId) => {
      for (const [tokenId, session] of byTokenId) {
        if (session.userId === userId) byTokenId.delete(tokenId)
      }
    },
  }
}
