import {
  createTestClock,
  deferred,
  flush,
  makeKey,
  refreshToken,
  sessionToken,
  type TestClock,
  wrapStore,
} from '@linkpass/testing'
import { ServiceError } from '../../src/errors.ts'
import type { SessionTokens } from '../../src/model/api.ts'
import type { Result } from '../../src/result.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { StateStore } from '../../src/store/state-store.ts'
import { createTestService, type TestService, type TestServiceOptions } from './service.ts'

const key = makeKey('K1', 'ES256')
export const keySet = (): object => ({ keys: [key.jwk] })

/** An instance, and what a test does to its connection to the store. */
export interface Instance extends TestService {
  /** The operations that reached the store, such as `get refresh`. */
  readonly operations: string[]
  /** Runs before each operation; one that never resolves is an instance that was killed or paused. */
  before: (operation: string) => Promise<void>
}

export interface RefreshCluster {
  readonly clock: TestClock
  readonly store: StateStore
  /** The tokens that the service was asked to trade, in order. */
  readonly requests: string[]
  /** Adds an instance. */
  readonly add: (options?: TestServiceOptions) => Instance
  /** Lets the service respond, to waiting requests and from now on. */
  readonly respond: () => void
  readonly tokenOf: (user: string) => string
}

/**
 * Instances on one store, and a service that rotates refresh tokens: a token that was traded gets its
 * successor again for ten seconds, and is refused after that.
 */
export function refreshCluster({ hints = true, rotates = true } = {}): RefreshCluster {
  const clock = createTestClock()
  const store: StateStore = memoryStore({ clock })
  if (!hints) {
    delete store.publish
    delete store.subscribe
  }
  const requests: string[] = []
  const gate = deferred<void>()
  const traded = new Map<string, { until: number; data: SessionTokens }>()

  const tokens = new Map<string, string>()

  function tokenOf(user: string): string {
    const token = tokens.get(user) ?? refreshToken(key, { claims: { jti: user } })
    tokens.set(user, token)
    return token
  }

  function trade(refreshJwt: string): Result<SessionTokens> {
    const before = traded.get(refreshJwt)
    if (before !== undefined && clock.now() >= before.until) {
      const details = { status: 401, errorCode: 'E064001', errorDescription: '', errorMessage: '' }
      return { ok: false, code: 401, error: new ServiceError(details) }
    }
    const claims = { jti: `r${traded.size}` }
    const data = before?.data ?? {
      sessionJwt: sessionToken(key, { claims: { jti: `s${traded.size}` } }, clock.now()),
      ...(rotates && { refreshJwt: refreshToken(key, { claims }, clock.now()) }),
    }
    if (rotates) traded.set(refreshJwt, { until: before?.until ?? clock.now() + 10_000, data })
    return { ok: true, code: 200, data }
  }

  function add(options: TestServiceOptions = {}): Instance {
    const operations: string[] = []
    const own = wrapStore(store, async (operation, name, at) => {
      await instance.before(name)
      for (const one of at.split(' ')) operations.push(`${name} ${one.split(':', 1)[0]}`)
      return operation()
    })
    if (hints) {
      own.publish = async (channel, message) => {
        await instance.before('publish')
        operations.push('publish')
        await store.publish?.(channel, message)
      }
    }
    const refresh = async (refreshJwt: string): Promise<Result<SessionTokens>> => {
      requests.push(refreshJwt)
      await gate.promise
      return trade(refreshJwt)
    }
    const service = createTestService({ keySet, clock, store: own, refresh, ...options })
    const instance: Instance = { ...service, operations, before: async () => {} }
    return instance
  }

  return {
    clock,
    store,
    requests,
    add,
    respond: () => gate.resolve(),
    tokenOf,
  }
}

/** Lets time pass in steps of `step` milliseconds, and all that woke run. */
export async function pass(clock: TestClock, ms: number, step = 10): Promise<void> {
  await flush()
  for (let passed = 0; passed < ms; passed += step) {
    clock.advance(step)
    await flush()
    await flush()
  }
}
