import type { Clock } from '../clock.ts'
import type { KeysHealth, KeySet } from '../jwks/key-set.ts'
import type { StateStore } from '../store/state-store.ts'
import type { RevocationLog, RevocationLogHealth } from './revocation/revocation-log.ts'

/** Whether this instance can decide who is signed in, for probes. */
export interface Health {
  /** Whether it can: the keys are usable, and the store responds. */
  readonly ready: boolean
  readonly keys: KeysHealth
  /** Whether the store responded to one read, and how long that took. */
  readonly store: { readonly available: boolean; readonly durationMs: number }
  /** Absent without `revocation`. While it is not followed, each request asks the store. */
  readonly revocationLog?: RevocationLogHealth
}

/**
 * The state of the parts: one read of the store, and no request to the service. Never rejects.
 *
 * @param store guarded, so that a read takes half a second at most
 * @param log undefined without `revocation`
 */
export async function healthOf(
  keys: Pick<KeySet, 'health'>,
  store: Pick<StateStore, 'get'>,
  clock: Pick<Clock, 'monotonic'>,
  log: Pick<RevocationLog, 'health'> | undefined,
): Promise<Health> {
  const startedAt = clock.monotonic()
  const available = await store.get('health').then(
    () => true,
    () => false,
  )
  const keysHealth = keys.health()
  return {
    ready: keysHealth.usable && available,
    keys: keysHealth,
    store: { available, durationMs: clock.monotonic() - startedAt },
    ...(log && { revocationLog: log.health() }),
  }
}
