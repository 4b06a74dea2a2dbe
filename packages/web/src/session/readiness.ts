import type { AuthContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import { outageFailure } from '../service-failure.ts'

/**
 * Why nothing may be redeemed now; undefined when new tokens can be checked here. While the keys are
 * unavailable or the clock is wrong, a link would be lost: its session could not be accepted.
 */
export async function readinessFailure({ client }: AuthContext): Promise<Failure | undefined> {
  try {
    await client.warmUp()
    return (await client.isClockRight()) ? undefined : wrongClock
  } catch (error) {
    const failure = outageFailure(error)
    if (failure === undefined) throw error
    return failure
  }
}

/** The failure of a clock that is too wrong to check a token. */
export const wrongClock: Failure = { kind: 'unavailable', retryAfterSeconds: 10 }
