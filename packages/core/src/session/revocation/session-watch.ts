import type { Clock } from '../../clock.ts'
import { hashSubject, hashToken } from '../../crypto/token-hash.ts'
import { RequestError, TokenError } from '../../errors.ts'
import type { Session } from '../../model/outcome.ts'
import { flat } from '../token-views.ts'
import { type Revocations, type WatchedSession, revoked } from './revocation.ts'
import type { FollowedToken, RevocationLog } from './revocation-log.ts'

/** The end of one session, for one connection. */
export interface SessionEnd {
  /**
   * Aborts within a second after the session has ended, with a {@link TokenError} as the reason. Without
   * `revocation`, and while its log cannot be followed, more than 2,000 watched sessions are looked up in
   * turn: an end by a logout or an administrator is then seen within a second for each 2,000.
   */
  readonly signal: AbortSignal
  /** Stops watching. Call it once the connection is closed. */
  readonly release: () => void
}

const intervalMs = 500
/** How many sessions are looked up in one interval. With more, each is looked up less often. */
const maxLookups = 1000

interface Watched extends WatchedSession, Pick<FollowedToken, 'absentFromLog'> {
  readonly ending: AbortController
}

export interface SessionWatchDeps {
  readonly clock: Clock
  readonly closing: AbortSignal
  readonly revocations: Pick<Revocations, 'haveEnded'>
  /** Undefined where it is not followed. */
  readonly log: Pick<RevocationLog, 'find' | 'onRead'> | undefined
}

/**
 * Watches sessions of long connections. One timer serves all of them, and runs while there are any. It does
 * not keep the process alive: the connections do. What the log of revocations tells is not asked of the store.
 */
export class SessionWatch {
  readonly #deps: SessionWatchDeps
  /** In the order of their last look-up. */
  readonly #watched = new Set<Watched>()
  #isRunning = false

  constructor(deps: SessionWatchDeps) {
    this.#deps = deps
    deps.log?.onRead(() => this.#endKnown())
  }

  watch(session: Session, token?: string | null): SessionEnd {
    const refreshJwt = token ?? undefined
    if (refreshJwt !== undefined && typeof refreshJwt !== 'string') {
      const message = 'refreshJwt must be a string; leave it out where there is none.'
      throw new RequestError('ERR_ARGUMENT', message, { argument: 'refreshJwt' })
    }
    const { jwt, claims }: Partial<Session> = Object(session)
    if (typeof jwt !== 'string' || typeof claims?.sub !== 'string') {
      const message = 'session must be one of authenticate, such as that of getSession(req).'
      throw new RequestError('ERR_ARGUMENT', message, { argument: 'session' })
    }
    const ending = new AbortController()
    const hashes = {
      session: flat(hashToken(jwt)),
      refresh: refreshJwt ? flat(hashToken(refreshJwt)) : undefined,
      user: flat(hashSubject(claims.sub)),
    }
    const watched = { validated: { jwt, token: claims }, hashes, ending }
    if (!this.#endIfExpired(watched)) {
      this.#watched.add(watched)
      if (!this.#isRunning) void this.#run()
    }
    return { signal: ending.signal, release: () => void this.#watched.delete(watched) }
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    const { clock, closing } = this.#deps
    while (this.#watched.size > 0 && !closing.aborted) {
      // It rejects only when the client is closed.
      await clock.sleep(intervalMs, closing, { ref: false }).catch(() => {})
      await this.#lookUp(this.#endKnown())
    }
    this.#isRunning = false
  }

  /** Ends what has expired or is in the log; returns those of which only the store can tell. */
  #endKnown(): readonly Watched[] {
    const unknown: Watched[] = []
    // A copy: what listens for an end may watch or release others.
    for (const watched of [...this.#watched]) {
      if (!this.#watched.has(watched)) continue
      const hasEnded = this.#deps.log?.find(watched)
      if (this.#endIfExpired(watched) || hasEnded === false) continue
      if (hasEnded) this.#end(watched, revoked())
      else unknown.push(watched)
    }
    return unknown
  }

  #endIfExpired(watched: Watched): boolean {
    if (watched.validated.token.exp * 1000 > this.#deps.clock.now()) return false
    this.#end(watched, new TokenError('ERR_TOKEN_EXPIRED', 'The session has expired.'))
    return true
  }

  async #lookUp(unknown: readonly Watched[]): Promise<void> {
    const next = unknown.slice(0, maxLookups)
    if (next.length === 0) return
    // While the store is unavailable, sessions end when they expire.
    const ended = await this.#deps.revocations.haveEnded(next).catch((): boolean[] => [])
    for (const [index, watched] of next.entries()) {
      if (ended[index] === true) this.#end(watched, revoked())
      // To the end of the queue, unless it was released meanwhile.
      else if (this.#watched.delete(watched)) this.#watched.add(watched)
    }
  }

  #end(watched: Watched, reason: TokenError): void {
    this.#watched.delete(watched)
    watched.ending.abort(reason)
  }
}
