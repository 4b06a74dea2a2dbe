import { maxSkewMs } from '../../clock.ts'
import { hashSubject, hashToken, type SessionHashes } from '../../crypto/token-hash.ts'
import type { ValidatedToken } from '../../model/claims.ts'

/**
 * The entries of the log, for what ended: one session token, those that came with a refresh token, those of
 * a user, or those of everyone. Times are in whole seconds; hashes are base64url, without a dot.
 */
export const entryFor = {
  token: (hash: string, exp: number) => `t.${hash}.${exp}`,
  refresh: (hash: string) => `r.${hash}`,
  user: (hash: string, second: number) => `u.${hash}.${second}`,
  project: (second: number) => `p.${second}`,
}

export interface TokenLookup {
  readonly validated: ValidatedToken
  /** Given where it is looked up again and again; the end of its refresh token counts then, too. */
  readonly hashes?: SessionHashes
}

/** The revocations that one instance knows, in memory. Times are in seconds of the service's time. */
export class KnownRevocations {
  /** Hashes of session tokens, and when those expire. */
  readonly #tokens = new Map<string, number>()
  /** Until when tokens of a user are revoked, and when this was learned. */
  readonly #users = new Map<string, { readonly second: number; readonly at: number }>()
  /** Hashes of refresh tokens that were ended, and when this was learned. */
  readonly #refreshes = new Map<string, number>()
  /** Until when every token is revoked. */
  #before = -1
  /** From when on every entry is known, in milliseconds of the service's time. */
  #since = Number.POSITIVE_INFINITY
  /** The longest life of a session token that was seen, in seconds. */
  #longestLife = 0

  get size(): number {
    return this.#tokens.size + this.#refreshes.size + this.#users.size
  }

  includes({ validated: { jwt, token }, hashes }: TokenLookup): boolean {
    if (token.iat <= this.#before) return true
    if (this.#users.size > 0) {
      const user = this.#users.get(hashes?.user ?? hashSubject(token.sub))
      if (user !== undefined && token.iat <= user.second) return true
    }
    if (hashes?.refresh !== undefined && this.#refreshes.has(hashes.refresh)) return true
    return this.#tokens.size > 0 && this.#tokens.has(hashes?.session ?? hashToken(jwt))
  }

  /** Adds entries of the log, which were learned at `at`. A later release may have further kinds. */
  add(texts: readonly string[], at: number): void {
    for (const text of texts) {
      const [kind, hash = '', number = hash] = text.split('.')
      if (kind === 'r') this.#refreshes.set(hash, at)
      const second = Number(number)
      if (!Number.isSafeInteger(second)) continue
      if (kind === 't') this.#tokens.set(hash, second)
      if (kind === 'p') this.#before = Math.max(this.#before, second)
      if (kind !== 'u') continue
      const before = this.#users.get(hash)?.second ?? 0
      this.#users.set(hash, { second: Math.max(second, before), at })
    }
  }

  /** Every entry from then on was added, in milliseconds of the service's time. */
  completeSince(since: number): void {
    this.#since = since
  }

  /** Whether every entry is known that may be about a token, whatever clock it was issued by. */
  isCompleteFor({ validated: { token } }: TokenLookup): boolean {
    this.#longestLife = Math.max(this.#longestLife, token.exp - token.iat)
    return token.iat * 1000 - maxSkewMs >= this.#since
  }

  /** Forgets what no token needs at a time, of which none lives for less than `shortestMs`. */
  forget(now: number, shortestMs: number): void {
    const second = (now - maxSkewMs) / 1000
    const needed = second - Math.max(this.#longestLife, shortestMs / 1000)
    for (const [hash, exp] of this.#tokens) if (exp < second) this.#tokens.delete(hash)
    for (const [hash, at] of this.#refreshes) if (at < needed) this.#refreshes.delete(hash)
    for (const [hash, { at }] of this.#users) if (at < needed) this.#users.delete(hash)
    // A token with a longer life than any before it may need what was forgotten.
    this.#since = Math.max(this.#since, needed * 1000)
  }
}
