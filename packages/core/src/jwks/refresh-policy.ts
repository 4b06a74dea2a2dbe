/** Ages in milliseconds, by a clock that never jumps. */
const minute = 60_000

/** How long keys are used as they are. */
const freshFor = 5 * minute
/** How long they are used while a refresh runs behind; past that a request waits for it. */
const usedWhileRefreshing = 10 * minute
/** How long the last good keys are used when every refresh since has failed. */
const keptThroughOutage = 24 * 60 * minute
/** How recent keys must be for a `kid` that is not among them to be called unknown. */
const conclusiveFor = 30_000
/** After a failed attempt this recent, known keys are used at once while the next one runs. */
const outageFor = 2 * minute

/** What is known when a `kid` is looked up. Ages in milliseconds; undefined for "never". */
export interface KeySetFacts {
  /** Whether the key set holds this `kid`. */
  readonly hasKey: boolean
  /** Since the last good answer was asked for. */
  readonly age: number | undefined
  /** Since the last attempt failed, unless one succeeded after it. */
  readonly failedAgo: number | undefined
  /** Whether an attempt is under way, or back-off lets one start. */
  readonly mayRefresh: boolean
  /** Whether this `kid` may cause one: it was not just looked for, and not too many others were. */
  readonly mayAsk: boolean
}

/**
 * - `use`: the key at hand
 * - `use-and-refresh`: the key at hand, while a refresh runs behind
 * - `refresh`: wait for a refresh, then {@link decideAfterRefresh}
 * - `refuse`: no key of the project
 * - `unavailable`: cannot be decided
 */
export type LookupDecision = 'use' | 'use-and-refresh' | 'refresh' | 'refuse' | 'unavailable'

/** What to do about a `kid`. A pure decision; the table is in its test. */
export function decideLookup(facts: KeySetFacts): LookupDecision {
  const { age, failedAgo, mayRefresh } = facts
  if (age === undefined) return mayRefresh ? 'refresh' : 'unavailable'
  if (!facts.hasKey) return mayRefresh && facts.mayAsk ? 'refresh' : decideAfterRefresh(facts)
  if (age < freshFor || !mayRefresh) return decideAfterRefresh(facts)
  const isOutage = failedAgo !== undefined && failedAgo < outageFor && age < keptThroughOutage
  return age < usedWhileRefreshing || isOutage ? 'use-and-refresh' : 'refresh'
}

/** What to do about a `kid` once no refresh can tell more, or the one waited for has ended. */
export function decideAfterRefresh({
  hasKey,
  age,
}: Pick<KeySetFacts, 'hasKey' | 'age'>): 'use' | 'refuse' | 'unavailable' {
  if (age === undefined) return 'unavailable'
  if (hasKey) return age < keptThroughOutage ? 'use' : 'unavailable'
  return age < conclusiveFor ? 'refuse' : 'unavailable'
}

/**
 * How long to leave the service alone after failed attempts: from one second, doubling, to a
 * minute, or to five seconds while there is no key at all, since then every request waits on it.
 * Up to a quarter is taken off at random, so that instances do not return together.
 *
 * @param failures in a row, from 1
 * @param random from 0 to 1
 */
export function backOff(failures: number, hasKeys: boolean, random: number): number {
  const longest = hasKeys ? minute : 5000
  return Math.min(longest, 1000 * 2 ** (failures - 1)) * (1 - random / 4)
}
