import type { Clock } from '../../clock.ts'
import { hashToken } from '../../crypto/token-hash.ts'
import type { StateStore } from '../../store/state-store.ts'
import { readEntry, refreshKey, type RefreshResult } from './entry.ts'
import type { VerifiedToken } from '../verify-token.ts'

/**
 * The refresh tokens that were replaced by a newer one, for every instance. While the store is unavailable, each
 * but `markSeen` rejects with a `StoreError`.
 */
export interface RotatedTokens {
  /** Remembers for half an hour that a token was replaced. */
  record(refreshJwt: string): Promise<void>
  includes(refreshJwt: string): Promise<boolean>
  /**
   * What a token was traded for, while the store has it: two minutes, or ten seconds without rotation.
   *
   * @param waitMs how long to wait for a refresh that is under way, and for a store that fails @default 0
   */
  resultOf(refreshJwt: string, waitMs?: number): Promise<RefreshResult | undefined>
  /**
   * Notes that a browser has these tokens, if the session is young: the refresh token before them gets
   * them no more. Not waited for; never rejects.
   *
   * @param session a verified session token that has not expired
   * @param refreshJwt the refresh token that came with it, unverified
   */
  markSeen(session: VerifiedToken, refreshJwt: string): void
  /** Whether a browser has used this refresh token, or a session token that came with it. */
  isSeen(refreshJwt: string): Promise<boolean>
}

/** Longer than any request is under way: a browser sends the cookies that it has at the time. */
const rememberedMs = 30 * 60 * 1000
/** How long a rotated token can get its successor, at most, in milliseconds. */
export const successorMs = 120_000
/** How often a refresh that is under way is looked at, in milliseconds. */
const lookMs = 100

export function createRotatedTokens(
  store: StateStore,
  clock: Clock,
  format: number,
): RotatedTokens {
  const keyOf = (refreshJwt: string): string => `rotated:${hashToken(refreshJwt)}`
  const marked = new WeakSet<VerifiedToken>()
  return {
    record: (refreshJwt) => store.set(keyOf(refreshJwt), '1', rememberedMs),
    includes: async (refreshJwt) => (await store.get(keyOf(refreshJwt))) !== undefined,
    async resultOf(refreshJwt, waitMs = 0) {
      const key = refreshKey(hashToken(refreshJwt))
      for (const endsAt = clock.monotonic() + waitMs; ; await clock.sleep(lookMs)) {
        const isLast = clock.monotonic() >= endsAt
        try {
          const entry = readEntry(refreshJwt, await store.get(key), format, clock.now())
          if (isLast || entry.state !== 'running') return entry.result
        } catch (error) {
          if (isLast) throw error
        }
      }
    },
    markSeen(session, refreshJwt) {
      const isYoung = clock.now() - session.validated.token.iat * 1000 < successorMs
      if (!isYoung || marked.has(session)) return
      marked.add(session)
      store.setIfAbsent(`seen:${hashToken(refreshJwt)}`, '1', successorMs).catch(() => {
        marked.delete(session)
      })
    },
    async isSeen(refreshJwt) {
      const hash = hashToken(refreshJwt)
      const found = await store.getMany([`seen:${hash}`, refreshKey(hash)])
      return found.some((value) => value !== undefined)
    },
  }
}
