import type { Clock } from '../../clock.ts'
import { TokenError } from '../../errors.ts'
import type { Session } from '../../model/outcome.ts'
import { type Revocations, type WatchedSession, revoked } from './revocation.ts'

/** The end of one session, for one connection. */
export interface SessionEnd {
  /**
   * Aborts within a second after the session has ended, with a {@link TokenError} as the reason. With more
   * than 2,000 watched sessions, an end by a logout or an administrator takes longer: a second for each 2,000.
   */
  readonly signal: AbortSignal
  /** Stops watching. Call it once the connection is closed. */
  readonly release: () => void
}

const intervalMs = 500
/** How many sessions are looked up in one interval. With more, each is looked up less often. */
const maxLookups = 1000

interface Watched extends WatchedSession {
  readonly ending: AbortController
}

/**
 * Watches sessions of long connections. One timer serves all of them, and runs while there are any. It does
 * not keep the process alive: the connections do.
 */
export class SessionWatch {
  readonly #clock: Clock
  readonly #closing: AbortSignal
  readonly #haveEnded: Revocations['haveEnded']
  /** In the order of their last look-up. */
  readonly #watched = new Set<Watched>()
  #isRunning = false

  constructor(clock: Clock, closing: AbortSignal, haveEnded: Revocations['haveEnded']) {
    this.#clock = clock
    this.#closing = closing
    this.#haveEnded = haveEnded
  }

  watch(session: Session, refreshJwt?: string): SessionEnd {
    const ending = new AbortController()
    const watched = { session, refreshJwt, ending }
    if (!this.#endIfExpired(watched)) {
      this.#watched.add(watched)
      if (!this.#isRunning) void this.#run()
    }
    return { signal: ending.signal, release: () => void this.#watched.delete(watched) }
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#watched.size > 0 && !this.#closing.aborted) {
      // It rejects only when the client is closed.
      await this.#clock.sleep(intervalMs, this.#closing, { ref: false }).catch(() => {})
      for (const watched of this.#watched) this.#endIfExpired(watched)
      await this.#endRevoked()
    }
    this.#isRunning = false
  }

  #endIfExpired(watched: Watched): boolean {
    if (watched.session.expiresAt > this.#clock.now()) return false
    this.#end(watched, new TokenError('ERR_TOKEN_EXPIRED', 'The session has expired.'))
    return true
  }

  async #endRevoked(): Promise<void> {
    const next = [...this.#watched].slice(0, maxLookups)
    // While the store is unavailable, sessions end when they expire.
    const ended = await this.#haveEnded(next).catch((): boolean[] => [])
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
