/** How long a `kid` that a refresh did not bring is not looked for again, in milliseconds. */
const rememberedFor = 30_000
/** How many such ids are remembered; past that the oldest goes. */
const maxRemembered = 1000
/** Unknown ids may cause a refresh while fewer than this many began in the last ten seconds. */
const maxRefreshes = 2
const refreshWindow = 10_000

/**
 * What keeps tokens with made-up key ids from turning into requests: each id is looked for once in
 * 30 seconds, and all of them together cause at most two refreshes in ten seconds. A real new key
 * is found at first sight all the same, unless such a flood is going on, and then within ten
 * seconds. Times by a clock that never jumps.
 */
export interface UnknownKids {
  mayAsk(kid: string, now: number): boolean
  /** A refresh began, for whatever reason. */
  refreshBegan(now: number): void
  /** A good answer did not hold this id. */
  wasMissing(kid: string, now: number): void
}

/** Starts with an empty memory. */
export function createUnknownKids(): UnknownKids {
  const missing = new Map<string, number>()
  let begun: number[] = []

  return {
    mayAsk(kid, now) {
      const seen = missing.get(kid)
      if (seen !== undefined && now - seen < rememberedFor) return false
      return begun.filter((time) => now - time < refreshWindow).length < maxRefreshes
    },
    refreshBegan(now) {
      begun = [...begun, now].slice(-maxRefreshes)
    },
    wasMissing(kid, now) {
      missing.delete(kid)
      missing.set(kid, now)
      if (missing.size <= maxRemembered) return
      for (const oldest of missing.keys()) {
        missing.delete(oldest)
        break
      }
    },
  }
}
