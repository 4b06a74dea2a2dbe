import { hashSubject, hashToken } from '../../crypto/token-hash.ts'
import { StoreError, TokenError } from '../../errors.ts'
import type { ValidatedToken } from '../../model/claims.ts'
import type { Config } from '../../options.ts'
import type { StateStore } from '../../store/state-store.ts'
import type { UseCheck } from '../cached-verify.ts'
import { entryFor, type TokenLookup } from './known-revocations.ts'
import type { RevocationLog } from './revocation-log.ts'
import type { VerifiedToken } from '../verify-token.ts'

/** What was recorded of a token. */
export type TokenRecord = 'nothing' | 'logout' | 'replaced'

export type WatchedSession = Required<TokenLookup>

export type Revocations = ReturnType<typeof createRevocations>

/**
 * How long records of users and of the project are kept, in milliseconds: as browsers keep a cookie, since
 * their tokens may live longer than any that is known, and the greatest tolerance.
 */
const longestMs = (400 * 24 * 60 * 60 + 300) * 1000

/**
 * The record of logouts and of an administrator's revocations, in `store`, under hashes. While that is
 * unavailable, each function rejects with a {@link StoreError}.
 *
 * @param log what instances follow @default none, for a caller that only reads
 * @param watchesSessions whether the log also tells which refresh tokens ended, for long connections
 */
export function createRevocations(
  store: StateStore,
  projectId: string,
  log?: Pick<RevocationLog, 'append'>,
  watchesSessions: boolean = false,
) {
  const keyOf = (hash: string): string => `revoked:${hash}`
  const tokenKey = (jwt: string): string => keyOf(hashToken(jwt))
  const keyOfUser = (hash: string): string => `revoked-all:${hash}`
  const userKey = (userId: string): string => keyOfUser(hashSubject(userId))
  const projectKey = `revoked-before:${hashSubject(projectId)}`
  // Each write must succeed: the log is for those who follow it, the record for those who cannot.
  return {
    /**
     * What ended a token: `logout` where it was recorded itself, or with every token of its user or of the
     * project; `replaced` where a sign-in took its place, whose cookies the browser holds.
     */
    async recordOf({ jwt, token }: ValidatedToken): Promise<TokenRecord> {
      const [own, ...seconds] = await store.getMany([tokenKey(jwt), userKey(token.sub), projectKey])
      const isRevoked = own === undefined && includes(seconds, token.iat)
      return isRevoked ? 'logout' : factOf(own)
    },
    /** The same, of what was recorded for the token itself alone: one key in place of three. */
    async ownRecordOf({ jwt }: ValidatedToken): Promise<TokenRecord> {
      return factOf(await store.get(tokenKey(jwt)))
    },
    /** Whether every token was revoked that was issued to a user in this second (`iat`). */
    async isUserRevoked(userId: string, iat: number): Promise<boolean> {
      return includes(await store.getMany([userKey(userId), projectKey]), iat)
    },
    /**
     * Whether each of these sessions has ended: it was recorded, or its refresh token, or every token of
     * its user or of the project. In their order.
     */
    async haveEnded(sessions: readonly WatchedSession[]): Promise<readonly boolean[]> {
      const keys = sessions.flatMap(({ hashes: { session, refresh = session, user } }) => [
        ...[keyOf(session), keyOf(refresh), keyOfUser(user)],
      ])
      const [all, ...found] = await store.getMany([projectKey, ...keys])
      return sessions.map(({ validated: { token } }, index) => {
        const [own, refresh, user] = found.slice(index * 3, index * 3 + 3)
        return own !== undefined || refresh !== undefined || includes([user, all], token.iat)
      })
    },
    /** Records that one refresh token is revoked, for `ttlMs` milliseconds. @param why @default by a logout */
    async revoke({ jwt }: ValidatedToken, ttlMs: number, why?: 'replaced'): Promise<void> {
      await Promise.all([
        store.set(tokenKey(jwt), why ?? '1', wholeMs(ttlMs)),
        watchesSessions && log?.append(entryFor.refresh(hashToken(jwt))),
      ])
    },
    /** The same for a session token, which every instance learns from the log. */
    async revokeSession({ jwt, token }: ValidatedToken, ttlMs: number): Promise<void> {
      const entry = entryFor.token(hashToken(jwt), token.exp)
      await Promise.all([store.set(tokenKey(jwt), '1', wholeMs(ttlMs)), log?.append(entry)])
    },
    /**
     * Records that all tokens issued to a user until the end of a second of the service's time, since the
     * epoch, are revoked. The latest second counts.
     */
    async revokeUser(userId: string, second: number): Promise<void> {
      const entry = entryFor.user(hashSubject(userId), second)
      await Promise.all([raise(store, userKey(userId), second), log?.append(entry)])
    },
    /** The same for every user of the project. */
    async revokeBefore(second: number): Promise<void> {
      await Promise.all([raise(store, projectKey, second), log?.append(entryFor.project(second))])
    },
  }
}

// An earlier second must not replace a later one: it would make tokens valid again.
async function raise(store: StateStore, key: string, second: number): Promise<void> {
  const value = String(second)
  // First a write: it is tried also while the store seems to be away, where `setIfAbsent` is not.
  let expected = value
  while (!(await store.replaceIf(key, expected, value, longestMs))) {
    const found = await store.setIfAbsent(key, value, longestMs)
    if (found === undefined || Number(found) >= second) return
    expected = found
  }
}

function factOf(value: string | undefined): TokenRecord {
  if (value === undefined) return 'nothing'
  return value === 'replaced' ? value : 'logout'
}

// Claims are in whole seconds, so a token of the recorded second is revoked too.
function includes(seconds: readonly (string | undefined)[], iat: number): boolean {
  return seconds.some((second) => second !== undefined && iat <= Number(second))
}

/**
 * The check for revoked tokens, at each use of a token, also of a cached one: by the log while this
 * instance follows it, else by asking the store.
 */
export function createRevocationCheck(
  revocations: Pick<Revocations, 'recordOf'>,
  { onStoreError }: NonNullable<Config['revocation']>,
  log?: Pick<RevocationLog, 'find'>,
): UseCheck {
  async function ask(verified: VerifiedToken): Promise<VerifiedToken> {
    const record = await revocations.recordOf(verified.validated).catch((error: unknown) => {
      if (error instanceof StoreError && onStoreError === 'allow') return 'nothing'
      throw error
    })
    if (record !== 'nothing') throw revoked()
    return verified
  }

  return (verified, at) => {
    // Records of expired tokens are dropped, and an expired token grants nothing.
    if (verified.expired) return verified
    const isRevoked = log?.find(verified, at)
    if (isRevoked === undefined) return ask(verified)
    if (isRevoked) throw revoked()
    return verified
  }
}

export function revoked(): TokenError {
  return new TokenError('ERR_TOKEN_REVOKED', 'The token was revoked.')
}

function wholeMs(ms: number): number {
  return Math.max(1, Math.ceil(ms))
}
