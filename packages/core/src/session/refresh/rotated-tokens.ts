import type { Clock } from '../../clock.ts'
import { hashToken } from '../../crypto/token-hash.ts'
import type { StateStore } from '../../store/state-store.ts'
import { readEntry, refreshKey, type RefreshResult } from './entry.ts'
import type { VerifiedToken } from '../verify-token.ts'

export type RotatedTokens = ReturnType<typeof createRotatedTokens>

/** Longer than any request is under way: a browser sends the cookies that it has at the time. */
const rememberedMs = 30 * 60 * 1000
/** How long a rotated token can get its successor, at most, in milliseconds. */
export const successorMs = 120_000
const lookMs = 100

/**
 * The refresh tokens that were replaced by a newer one, for every instance. While the store is unavailable, each
 * but `markSeen` rejects with a `StoreError`.
 */
export function createRotatedTokens(
  store: StateStore,
  clock: Clock,
  serviceTime: Pick<Clock, 'now'>,
  format: number,
) {
  const keyOf = (refreshJwt: string): string => `rotated:${hashToken(refreshJwt)}`
  const marked = new WeakSet<VerifiedToken>()
  return {
    async record(refreshJwt: string): Promise<void> {
      await store.set(keyOf(refreshJwt), '1', rememberedMs)
    },
    async includes(refreshJwt: string): Promise<boolean> {
      return (await store.get(keyOf(refreshJwt))) !== undefined
    },
    /**
     * What a token was traded for, while the store has it: two minutes, or ten seconds without rotation.
     *
     * @param waitMs how long to wait for a refresh that is under way, and for a store that fails
     */
    async resultOf(refreshJwt: string, waitMs: number = 0): Promise<RefreshResult | undefined> {
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
    /**
     * Notes that a browser has these tokens, if the session is young: the refresh token before them gets
     * them no more. Not waited for; never rejects.
     *
     * @param session a verified session token that has not expired
     * @param refreshJwt the refresh token that came with it, unverified
     */
    markSeen(session: VerifiedToken, refreshJwt: string): void {
      const isYoung = serviceTime.now() - session.validated.token.iat * 1000 < successorMs
      if (!isYoung || marked.has(session)) return
      marked.add(session)
      store.setIfAbsent(`seen:${hashToken(refreshJwt)}`, '1', successorMs).catch(() => {
        marked.delete(session)
      })
    },
    /** Whether a browser has used this refresh token, or a session token that came with it. */
    async isSeen(refreshJwt: string): Promise<boolean> {
      const hash = hashToken(refreshJwt)
      const found = await store.getMany([`seen:${hash}`, refreshKey(hash)])
      return found.some((value) => value !== undefined)
    },
  }
}
