import { createTestClock, projectId, type TestClock } from '@linkpass/testing'
import { expect } from 'vitest'
import type { ServiceTime } from '../../src/clock.ts'
import { type ClientOptions, resolveOptions } from '../../src/options.ts'
import type { Result } from '../../src/result.ts'
import type { AuthOutcome } from '../../src/model/outcome.ts'
import type { SessionTokens } from '../../src/model/api.ts'
import type { TokenKind } from '../../src/jwt/claims.ts'
import type { Logout } from '../../src/session/logout.ts'
import { createSessions, type SessionFunctions } from '../../src/session/sessions.ts'

export interface TestService {
  readonly clock: TestClock
  readonly sessions: SessionFunctions &
    Logout &
    Records &
    Pick<ReturnType<typeof createSessions>, 'warmUp' | 'close'>
  /** How often keys were fetched, and sessions refreshed. */
  readonly calls: { keys: number; refresh: number }
}

/** What a logout records, by its kind. */
interface Records {
  readonly recordLogout: (refreshJwt: string | undefined, sessionJwt?: string) => Promise<void>
  readonly recordLogoutAll: (jwt: string, kind?: TokenKind) => Promise<void>
  readonly recordReplaced: (refreshJwt: string) => Promise<void>
}

export interface TestServiceOptions extends Omit<Partial<ClientOptions>, 'clock'> {
  clock?: TestClock
  keySet?: (signal: AbortSignal, call: number) => unknown
  refresh?: (refreshJwt: string) => Promise<Result<SessionTokens>>
  /** @default our clock */
  serviceTime?: ServiceTime
  measure?: () => Promise<unknown>
}

/** Sessions of a service whose responses are given. */
export function createTestService(options: TestServiceOptions): TestService {
  const { keySet, refresh, serviceTime, measure, clock = createTestClock(), ...rest } = options
  const calls = { keys: 0, refresh: 0 }
  const config = resolveOptions({ projectId, clock, ...rest })
  const { functions, records, ...lifecycle } = createSessions({
    config,
    async fetchKeys(signal) {
      calls.keys += 1
      return keySet?.(signal, calls.keys)
    },
    async refresh(refreshJwt) {
      calls.refresh += 1
      if (refresh === undefined) throw new Error('No refresh was expected.')
      return refresh(refreshJwt)
    },
    measure: measure ?? (async () => {}),
    serviceTime: serviceTime ?? {
      now: () => clock.now(),
      latest: () => clock.now(),
      ahead: () => 0,
      isClockRight: () => true,
    },
  })
  return {
    clock,
    sessions: { ...functions, ...records, ...recordsBy(records), ...lifecycle },
    calls,
  }
}

function recordsBy({ record }: Logout): Records {
  return {
    async recordLogout(refreshJwt, sessionJwt) {
      if (refreshJwt) await record(refreshJwt, 'refresh', 'this-session')
      if (sessionJwt) await record(sessionJwt, 'session', 'this-session')
    },
    recordLogoutAll: (jwt, kind = 'refresh') => record(jwt, kind, 'everywhere'),
    recordReplaced: (refreshJwt) => record(refreshJwt, 'refresh', 'replaced'),
  }
}

/** Uses a valid token until it is cached, which is at its second use, and expects that it is. */
export async function makeKnown(
  { sessions }: TestService,
  sessionJwt: string,
): Promise<AuthOutcome> {
  await sessions.authenticate({ sessionJwt })
  const known = await sessions.authenticate({ sessionJwt })
  expect(known.status).toBe('signed-in')
  expect(await sessions.authenticate({ sessionJwt })).toBe(known)
  return known
}
