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
export interface UnknownKids {
  /** Whether a valid response in the last 30 seconds did not contain this id. */
  isUnknown(kid: string, now: number): boolean
  /** Whether a refresh may be made to look for this id. */
  mayRefresh(kid: string, now: number): boolean
  /** Records that a refresh began, for whatever reason. */
  refreshBegan(now: number): void
  /** Records that a valid response did not contain this id. */
  add(kid: string, now: number): void
}

/** Starts empty. */
export function createUnknownKids(): UnknownKids {
  const unknown = new Map<string, number>()
  let begun: number[] = []

  function isUnknown(kid: string, now: number): boolean {
    const seen = unknown.get(kid)
    return seen !== undefined && now - seen < rememberedFor
  }

  return {
    isUnknown,
    mayRefresh(kid, now) {
      if (isUnknown(kid, now)) return false
      return begun.filter((time) => now - time < refreshWindow).length < maxRefreshes
    },
    refreshBegan(now) {
      begun = [...begun, now].slice(-maxRefreshes)
    },
    add(kid, now) {
      unknown.delete(kid)
      unknown.set(kid, now)
      if (unknown.size <= maxRemembered) return
      for (const oldest of unknown.keys()) {
        unknown.delete(oldest)
        break
      }
    },
  }
}
