import type { Clock } from '../../clock.ts'
import { invalidArgument } from '../../result.ts'
import type { Revocations } from './revocation.ts'

/**
 * Ends sessions on behalf of an administrator, for every instance that shares the store. No refresh
 * returns such a session from now on. With `revocation` its session token is rejected as well; without
 * it, that stays valid until it expires. The service is not told: whoever has the refresh token can
 * still trade it there, outside of this app.
 *
 * Moments are compared with the `iat` of tokens, in whole seconds of the service's clock: a token of the
 * same second counts as issued before. To learn that clock, each call sends the service a request that
 * it rejects; while it is unavailable, the last known difference counts.
 */
export interface AdminRevocation {
  /**
   * Ends every session of a user that was issued until now.
   *
   * @throws {RequestError} `ERR_ARGUMENT`
   * @throws {StoreError} the store is unavailable: nothing is certain, so call it again
   */
  readonly revokeUser: (userId: string) => Promise<void>
  /**
   * Ends every session of every user of the project that was issued before `time`. An earlier time than
   * in an earlier call changes nothing.
   *
   * @param time not in the future
   * @throws {RequestError} `ERR_ARGUMENT`
   * @throws {StoreError} the store is unavailable: nothing is certain, so call it again
   */
  readonly revokeBefore: (time: Date) => Promise<void>
}

export interface AdminRevocationDeps {
  readonly clock: Pick<Clock, 'now'>
  readonly revocations: Pick<Revocations, 'revokeUser' | 'revokeBefore'>
  readonly serviceTime: Pick<Clock, 'now'>
  readonly measure: () => Promise<unknown>
}

export function createAdminRevocation(deps: AdminRevocationDeps): AdminRevocation {
  const { clock, revocations, serviceTime, measure } = deps
  // A revocation does not wait for a service that is down, except for the deadline of one request.
  const measured = (): Promise<unknown> => measure().catch(() => {})
  return {
    async revokeUser(userId) {
      if (typeof userId !== 'string' || userId === '') throw invalidArgument('userId', 'a user id')
      await measured()
      await revocations.revokeUser(userId, Math.floor(serviceTime.now() / 1000))
    },
    async revokeBefore(time) {
      const at = time instanceof Date ? time.getTime() : Number.NaN
      if (!(at <= clock.now())) throw invalidArgument('time', 'a Date that is not in the future')
      await measured()
      // Right after a response this is never later than in the service's time, so it is rounded up.
      const inServiceTime = serviceTime.now() - (clock.now() - at)
      await revocations.revokeBefore(Math.ceil(inServiceTime / 1000))
    },
  }
}
