/** When the key set is refreshed. Ages are in milliseconds, by a monotonic clock. */
const minute = 60_000

/** How long keys are used as they are, unless an app says otherwise. */
const defaultFreshMs = 5 * minute
/** How long the last valid keys are used when every refresh since has failed. */
const keptThroughOutage = 24 * 60 * minute
/** After a failed attempt this recent, known keys are used at once while the next one runs. */
const outageFor = 2 * minute

/** What is known when a `kid` is looked up. Ages in milliseconds; undefined for "never". */
export interface KeySetFacts {
  readonly hasKey: boolean
  /** Since the request of the last valid response. */
  readonly age: number | undefined
  /** Since the last failed attempt, unless one succeeded after it. */
  readonly failedAgo: number | undefined
  /** Whether an attempt is running, or the back-off allows one to start. */
  readonly canRefresh: boolean
  /** Whether this `kid` may cause one: it was not just looked for, and few others were. */
  readonly mayRefresh: boolean
  /** Whether it was just looked for, and a valid response did not contain it. */
  readonly isUnknown: boolean
}

/**
 * - `use`: use the known key
 * - `use-and-refresh`: use the known key, and refresh in the background
 * - `refresh`: wait for a refresh, then {@link decideAfterRefresh}
 * - `reject`: no key of the project
 * - `unavailable`: cannot be decided
 */
export type LookupDecision = 'use' | 'use-and-refresh' | 'refresh' | 'reject' | 'unavailable'

/**
 * What to do about a `kid`. The table is in the test of this file.
 *
 * @param freshMs how long keys are used as they are. For as long again they are used while a refresh runs
 *   in the background; after that a request waits for it
 */
export function decideLookup(facts: KeySetFacts, freshMs: number = defaultFreshMs): LookupDecision {
  const { age, failedAgo, canRefresh } = facts
  if (age === undefined) return canRefresh ? 'refresh' : 'unavailable'
  if (!facts.hasKey) return canRefresh && facts.mayRefresh ? 'refresh' : decideAfterRefresh(facts)
  if (age < freshMs || !canRefresh) return decideAfterRefresh(facts)
  const isOutage = failedAgo !== undefined && failedAgo < outageFor && age < keptThroughOutage
  return age < 2 * freshMs || isOutage ? 'use-and-refresh' : 'refresh'
}

/** What to do about a `kid` when no refresh is possible, or when the one waited for has ended. */
export function decideAfterRefresh({
  hasKey,
  age,
  isUnknown,
}: Pick<KeySetFacts, 'hasKey' | 'age' | 'isUnknown'>): 'use' | 'reject' | 'unavailable' {
  if (hasKey) return age !== undefined && age < keptThroughOutage ? 'use' : 'unavailable'
  // The service may have published the key since it was asked.
  return isUnknown ? 'reject' : 'unavailable'
}

/**
 * How long to wait after failed attempts, in milliseconds: from one second, doubling, to a minute,
 * or to five seconds while there are no keys at all, since every request then waits for them. Up to
 * a quarter is subtracted at random, so that instances do not retry together.
 *
 * @param failures in a row, from 1
 * @param random from 0 to 1
 */
export function backOff(failures: number, hasKeys: boolean, random: number): number {
  const longest = hasKeys ? minute : 5000
  return Math.min(longest, 1000 * 2 ** (failures - 1)) * (1 - random / 4)
}
