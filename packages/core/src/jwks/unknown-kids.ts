/** How long a `kid` that a refresh did not return is not looked for again, in milliseconds. */
const rememberedFor = 30_000
/** How many unknown ids are remembered; past that the oldest is dropped. */
const maxRemembered = 1000
/** Unknown ids may cause a refresh while fewer than this many began in the last ten seconds. */
const maxRefreshes = 2
const refreshWindow = 10_000

/**
 * Keeps tokens with invented key ids from causing requests: each id is looked for once in 30
 * seconds, and all of them together cause at most two refreshes in ten seconds. A real new key is
 * still found at first sight, unless such a flood is going on, and then within ten seconds.
 *
 * Times are in milliseconds, by a monotonic clock.
 */
export class UnknownKids {
  readonly #unknown = new Map<string, number>()
  #begun: readonly number[] = []

  /** Whether a valid response in the last 30 seconds did not contain this id. */
  isUnknown(kid: string, now: number): boolean {
    const seen = this.#unknown.get(kid)
    return seen !== undefined && now - seen < rememberedFor
  }

  mayRefresh(kid: string, now: number): boolean {
    if (this.isUnknown(kid, now)) return false
    return this.#begun.filter((time) => now - time < refreshWindow).length < maxRefreshes
  }

  /** Each refresh counts, whatever it was for. */
  refreshBegan(now: number): void {
    this.#begun = [...this.#begun, now].slice(-maxRefreshes)
  }

  /** Records that a valid response did not contain this id. */
  add(kid: string, now: number): void {
    this.#unknown.delete(kid)
    this.#unknown.set(kid, now)
    const [oldest = ''] = this.#unknown.keys()
    if (this.#unknown.size > maxRemembered) this.#unknown.delete(oldest)
  }
}
