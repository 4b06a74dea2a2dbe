import { describe, expect, test } from 'vitest'
import {
  memoryStore,
  RequestError,
  type Result,
  ServiceError,
  type SessionTokens,
  type StateStore,
} from '@linkpass/core'
import {
  createEnchantedBroker,
  createSealer,
  type EnchantedBroker,
  type PendingSignIn,
} from '@linkpass/core/web'
import { createTestClock, type TestClock } from '../session/service.ts'

const tokens: SessionTokens = { sessionJwt: 's.s.s', refreshJwt: 'r.r.r', firstSeen: true }
const sealer = createSealer(['a secret of at least thirty-two bytes'])

const refusal = (status: number, errorCode: string): Result<SessionTokens> => ({
  ok: false,
  code: status,
  error: new ServiceError({ status, errorCode, errorDescription: '', errorMessage: '' }),
})
const stillPending = refusal(401, 'E062503')
const approved: Result<SessionTokens> = { ok: true, code: 200, data: tokens }
const dropped: Result<SessionTokens> = {
  ok: false,
  code: 0,
  error: new RequestError('ERR_NETWORK', 'No answer.'),
}

/** A service that answers polls from a list, the last for ever, and counts those under way. */
function serviceOf(...answers: readonly Result<SessionTokens>[]): {
  polls: number
  most: number
  getSession: () => Promise<Result<SessionTokens>>
} {
  let underWay = 0
  const service = {
    polls: 0,
    most: 0,
    getSession: async () => {
      const answer = answers[Math.min(service.polls, answers.length - 1)] ?? stillPending
      service.polls += 1
      underWay += 1
      service.most = Math.max(service.most, underWay)
      await Promise.resolve()
      underWay -= 1
      return answer
    },
  }
  return service
}

interface World {
  readonly clock: TestClock
  readonly store: StateStore
  readonly pending: PendingSignIn
  readonly broker: (service: {
    getSession: () => Promise<Result<SessionTokens>>
  }) => EnchantedBroker
}

function createWorld(): World {
  const clock = createTestClock()
  const store = memoryStore({ clock })
  return {
    clock,
    store,
    pending: {
      ...{ state: 'a'.repeat(22), linkId: '42', pendingRef: 'pending-reference' },
      ...{ loginId: 'a@b.example', returnTo: '/', createdAt: clock.now() },
    },
    broker: ({ getSession }) => createEnchantedBroker({ getSession, store, clock, sealer }),
  }
}

/** Moves time on, second by second, letting everything that woke run. */
async function pass(clock: TestClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await new Promise(setImmediate)
    clock.advance(1000)
  }
  await new Promise(setImmediate)
}

describe('the enchanted broker', () => {
  test('T-64: a thousand askers share one poller, one poll at a time, a second apart', async () => {
    const { clock, pending, broker } = createWorld()
    const service = serviceOf(stillPending, stillPending, stillPending, approved)
    const one = broker(service)
    const asking = Array.from({ length: 1000 }, () => one.status(pending, 25_000))
    await pass(clock, 4)
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['approved']))
    expect([service.polls, service.most]).toEqual([4, 1])
    expect(clock.sleepers).toBe(0)
  })

  test('a long poll ends pending, and its poller with it', async () => {
    const { clock, pending, broker } = createWorld()
    const service = serviceOf(stillPending)
    const asking = broker(service).status(pending, 25_000)
    await pass(clock, 25)
    expect(await asking).toBe('pending')
    await pass(clock, 60)
    expect(service.polls).toBeLessThanOrEqual(26)
    expect(clock.sleepers).toBe(0)
  })

  test('whoever leaves stops waiting at once, and the poller at its next pause', async () => {
    const { clock, pending, broker } = createWorld()
    const service = serviceOf(stillPending)
    const gone = new AbortController()
    const asking = broker(service).status(pending, 25_000, gone.signal)
    await pass(clock, 2)
    gone.abort()
    expect(await asking).toBe('pending')
    await pass(clock, 5)
    expect(service.polls).toBeLessThanOrEqual(3)
    expect(clock.sleepers).toBe(0)
  })

  test('a session that arrives when nobody waits any more is kept', async () => {
    const { clock, pending, broker } = createWorld()
    const gone = new AbortController()
    const one = broker({
      getSession: async () => {
        gone.abort()
        return approved
      },
    })
    await one.status(pending, 25_000, gone.signal)
    await pass(clock, 1)
    expect(await one.take(pending)).toEqual(tokens)
  })

  test('another instance completes what this one saw approved, for a minute', async () => {
    const { clock, pending, broker } = createWorld()
    const [here, there] = [broker(serviceOf(approved)), broker(serviceOf(refusal(401, 'E062504')))]
    expect(await there.take(pending)).toBeUndefined()
    expect(await here.status(pending, 25_000)).toBe('approved')
    expect(await there.status(pending, 25_000)).toBe('approved')
    expect(await there.take(pending)).toEqual(tokens)
    expect(await there.take(pending)).toEqual(tokens)
    clock.advance(60_001)
    expect(await there.take(pending)).toBeUndefined()
  })

  test('T-63: reading the store signs nobody in, and a guess at the reference takes nothing', async () => {
    const { pending, broker, clock } = createWorld()
    const kept = new Map<string, string>()
    const store: StateStore = {
      ...memoryStore({ clock }),
      get: async (key) => kept.get(key),
      set: async (key, value) => {
        kept.set(key, value)
      },
    }
    const { getSession } = serviceOf(approved)
    const one = createEnchantedBroker({ getSession, store, clock, sealer })
    await one.status(pending, 25_000)
    const everything = JSON.stringify([...kept])
    for (const secret of ['pending-reference', 's.s.s', 'r.r.r']) {
      expect(everything).not.toContain(secret)
      expect(everything).not.toContain(Buffer.from(secret).toString('base64url'))
    }
    expect(await one.take({ ...pending, pendingRef: 'another' })).toBeUndefined()
    expect(await broker(serviceOf(approved)).take(pending)).toBeUndefined()
  })

  test('"this was not me" wakes whoever waits, and outlives an approval', async () => {
    const { clock, pending, broker } = createWorld()
    const one = broker(serviceOf(stillPending, approved))
    const asking = one.status(pending, 25_000)
    await new Promise(setImmediate)
    await one.refuse(pending.state)
    expect(await asking).toBe('refused')
    await pass(clock, 5)
    expect(await one.status(pending, 25_000)).toBe('refused')
    expect(await one.take(pending)).toBeUndefined()
    expect(clock.sleepers).toBe(0)
  })

  test('a dropped connection and a 5xx are polled through; a final refusal is the end', async () => {
    const { clock, pending, broker } = createWorld()
    const busy = refusal(503, '')
    const service = serviceOf(dropped, busy, dropped, approved)
    const asking = broker(service).status(pending, 25_000)
    await pass(clock, 10)
    expect(await asking).toBe('approved')

    const other = { ...pending, state: 'b'.repeat(22), pendingRef: 'other' }
    expect(await broker(serviceOf(refusal(401, 'E062504'))).status(other, 25_000)).toBe('expired')
  })

  test('a made-up start stays pending until its time is over', async () => {
    const { clock, pending, broker } = createWorld()
    const { pendingRef: _, ...refused } = pending
    const service = serviceOf(approved)
    const one = broker(service)
    const asking = one.status(refused, 25_000)
    await pass(clock, 25)
    expect(await asking).toBe('pending')
    clock.advance(10 * 60_000)
    expect(await one.status(refused, 25_000)).toBe('expired')
    expect(await one.take(refused)).toBeUndefined()
    expect(service.polls).toBe(0)
  })

  test('a start whose time runs out while somebody waits is over', async () => {
    const { clock, pending, broker } = createWorld()
    const service = serviceOf(stillPending)
    clock.advance(10 * 60_000 - 1500)
    const asking = broker(service).status(pending, 25_000)
    await pass(clock, 2)
    expect(await asking).toBe('expired')
    expect(service.polls).toBe(2)
  })

  test('a client that was closed is no verdict', async () => {
    const { pending, broker } = createWorld()
    const closed = new RequestError('ERR_CLOSED', 'The client is closed.')
    const service = serviceOf({ ok: false, code: 0, error: closed })
    expect(await broker(service).status(pending, 25_000)).toBe('unavailable')
  })

  test('a poll that fails for a reason nobody thought of is no verdict', async () => {
    const { clock, pending, broker } = createWorld()
    const one = broker({ getSession: () => Promise.reject(new Error('unexpected')) })
    expect(await one.status(pending, 25_000)).toBe('unavailable')
    expect(clock.sleepers).toBe(0)
  })

  test('whoever has left before the wait begins waits for nothing', async () => {
    const { clock, pending, broker } = createWorld()
    const one = broker(serviceOf(stillPending))
    expect(await one.status(pending, 25_000, AbortSignal.abort())).toBe('pending')
    await pass(clock, 2)
    expect(clock.sleepers).toBe(0)
  })

  test('a store out of reach is no verdict', async () => {
    const { clock, pending } = createWorld()
    const broken = (): Promise<never> => Promise.reject(new Error('store'))
    const store: StateStore = {
      ...{ get: broken, set: broken, setIfAbsent: broken, delete: broken, increment: broken },
    }
    const { getSession } = serviceOf(approved)
    const one = createEnchantedBroker({ getSession, store, clock, sealer })
    expect(await one.status(pending, 25_000)).toBe('unavailable')
  })

  test('closing ends every wait, and starts none', async () => {
    const { clock, pending, broker } = createWorld()
    const service = serviceOf(stillPending)
    const one = broker(service)
    const asking = one.status(pending, 25_000)
    await new Promise(setImmediate)
    one.close()
    expect(await asking).toBe('pending')
    expect(await one.status(pending, 25_000)).toBe('pending')
    expect(service.polls).toBe(1)
    expect(clock.sleepers).toBe(0)
  })
})
