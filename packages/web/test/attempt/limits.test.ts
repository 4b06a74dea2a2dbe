import { describe, expect, test } from 'vitest'
import { memoryStore, type StateStore } from '@linkpass/core'
import { createSealer } from '@linkpass/core/internal'
import { resolveSendLimits, SendLimiter, type SendLimits } from '../../src/attempt/limits.ts'
import { createTestClock, type TestClock, wrapStore } from '@linkpass/testing'

const sealer = createSealer(['a secret of at least thirty-two bytes'])
const fingerprint = (text: string): string => sealer.fingerprint('limit', text)
const minute = 60_000

function guardOf(
  limits: Partial<SendLimits>,
  given?: StateStore,
): { guard: SendLimiter; clock: TestClock } {
  const clock = createTestClock()
  const store = given ?? memoryStore({ clock })
  const all = { perAddress: 5, perIp: 30, cooldownSeconds: 30, failedPerIp: 30, ...limits }
  return { clock, guard: new SendLimiter({ limits: all, store, clock, fingerprint }) }
}

test('a store that fails after the pause began makes no one wait for a link', async () => {
  let failing = ''
  const store = wrapStore(memoryStore(), async (operation, name, key) => {
    const result = await operation()
    if (failing !== '' && `${name} ${key}`.startsWith(failing)) throw new Error('unavailable')
    return result
  })
  const { guard, clock } = guardOf({}, store)
  for (failing of ['setIfAbsent pause:', 'increment sends:to:']) {
    const failure = await guard.admit('ada@example.test', '192.0.2.1')
    expect(failure).toEqual({ kind: 'unavailable', retryAfterSeconds: 1 })
  }
  failing = ''
  expect(await guard.admit('ada@example.test', '192.0.2.1')).toBeUndefined()
  // Nor does it end the pause of a link that was sent.
  failing = 'setIfAbsent pause:'
  clock.advance(1)
  await guard.admit('ada@example.test', '192.0.2.1')
  failing = ''
  expect(await guard.admit('ada@example.test', '192.0.2.1')).toMatchObject({ kind: 'too-many' })
})

describe('the option', () => {
  test('has modest defaults, and false for none', () => {
    const defaults = { perAddress: 5, perIp: 30, cooldownSeconds: 30, failedPerIp: 30 }
    expect(resolveSendLimits()).toEqual(defaults)
    expect(resolveSendLimits({ cooldownSeconds: 0 })).toEqual({ ...defaults, cooldownSeconds: 0 })
    expect(resolveSendLimits({ failedPerIp: 7 })).toEqual({ ...defaults, failedPerIp: 7 })
    expect(resolveSendLimits(false)).toBeUndefined()
  })

  test('has limits per app and per country code where they are set, and a copy of them', () => {
    const perCountryCode = { 1: 7, 44: 500, 353: 9, default: 20 }
    const limits = resolveSendLimits({ perApp: 1000, perCountryCode })
    expect(limits).toMatchObject({ perApp: 1000, perCountryCode: { ...perCountryCode } })
    perCountryCode[44] = 1
    expect(limits?.perCountryCode).toMatchObject({ 44: 500 })
    expect([limits, limits?.perCountryCode].every(Object.isFrozen)).toBe(true)
  })

  test.each([
    [{ perAddress: 0 }, 'limits.perAddress must be a whole number from 1'],
    [{ perIp: 1.5 }, 'limits.perIp must be a whole number from 1'],
    [{ cooldownSeconds: -1 }, 'limits.cooldownSeconds must be a whole number from 0'],
    [{ perApp: 0 }, 'limits.perApp must be a whole number from 1'],
    [{ perCountryCode: { 44: 0 } }, 'limits.perCountryCode.44 must be a whole number from 1'],
    [{ perCountryCode: { GB: 5 } }, 'limits.perCountryCode must be an object by country code'],
    [{ perCountryCode: { 44: 5, GB: 5 } }, 'limits.perCountryCode must be an object by country'],
    [{ perCountryCode: { '044': 5 } }, 'limits.perCountryCode must be an object by country code'],
    [{ perCountryCode: { 4444: 5 } }, 'limits.perCountryCode must be an object by country code'],
    [{ perCountryCode: { 'x-default': 5 } }, 'limits.perCountryCode must be an object by country'],
    [{ perCountryCode: { defaults: 5 } }, 'limits.perCountryCode must be an object by country'],
    [{ perCountryCode: null }, 'limits.perCountryCode must be an object by country code'],
    [{ perCountryCode: { default: 1.5 } }, 'limits.perCountryCode.default must be a whole number'],
    [{ perCountryCode: 5 }, 'limits.perCountryCode must be an object by country code'],
    [{ perIP: 1 }, 'limits has no option "perIP"'],
    [null, 'limits must be an object'],
  ])('cannot be %j', (limits, message) => {
    const resolve = (): unknown => resolveSendLimits(limits as object)
    expect(resolve).toThrow(TypeError)
    expect(resolve).toThrow(message)
  })
})

describe('the limits on links', () => {
  test('leave thirty seconds between two, and say how many are left', async () => {
    const { guard, clock } = guardOf({})
    expect(await guard.admit('a', '1')).toBeUndefined()
    clock.advance(12_000)
    expect(await guard.admit('a', '1')).toEqual({ kind: 'too-many', retryAfterSeconds: 18 })
    expect(await guard.admit('b', '1')).toBeUndefined()
    clock.advance(18_001)
    expect(await guard.admit('a', '1')).toBeUndefined()
  })

  test('a pause that is about to end is a second', async () => {
    const clock = createTestClock()
    const store: StateStore = {
      ...memoryStore({ clock }),
      setIfAbsent: async () => String(clock.now() + 1),
    }
    const { guard } = guardOf({}, store)
    expect(await guard.admit('a', '1')).toEqual({ kind: 'too-many', retryAfterSeconds: 1 })
  })

  test('count per address and per IP, until the quarter of an hour is over', async () => {
    const { guard, clock } = guardOf({ perAddress: 1, perIp: 2, cooldownSeconds: 0 })
    expect(await guard.admit('a', '1')).toBeUndefined()
    expect(await guard.admit('a', '2')).toEqual({ kind: 'too-many', retryAfterSeconds: 900 })
    expect(await guard.admit('b', '1')).toBeUndefined()
    expect(await guard.admit('c', '1')).toMatchObject({ kind: 'too-many' })
    clock.advance(15 * minute)
    expect(await guard.admit('a', '1')).toBeUndefined()
  })

  test('count all spellings of one address as one', async () => {
    const { guard } = guardOf({})
    expect(await guard.admit('ada@example.test', '1')).toBeUndefined()
    expect(await guard.admit('Ada@Example.test', '2')).toMatchObject({ kind: 'too-many' })
    expect(await guard.admit('+447700900123', '3')).toBeUndefined()
    expect(await guard.admit('447700900123', '4')).toMatchObject({ kind: 'too-many' })
  })

  test('count a sender who moves about in an IPv6 network as one', async () => {
    const { guard } = guardOf({ perIp: 1 })
    expect(await guard.admit('a', '2001:db8:1:2::1')).toBeUndefined()
    expect(await guard.admit('b', '2001:db8:1:2:ffff::9')).toMatchObject({ kind: 'too-many' })
    expect(await guard.admit('b', '2001:db8:1:3::1')).toBeUndefined()
  })

  test('P25: count all links of the app, where it says how many', async () => {
    const { guard, clock } = guardOf({ perApp: 2 })
    expect(await guard.admit('a', '1')).toBeUndefined()
    expect(await guard.admit('a', '1')).toMatchObject({ kind: 'too-many' })
    expect(await guard.admit('b', '2')).toBeUndefined()
    expect(await guard.admit('c', '3')).toEqual({ kind: 'too-many', retryAfterSeconds: 900 })
    clock.advance(15 * minute)
    expect(await guard.admit('c', '3')).toBeUndefined()
    await guard.refund('c')
    expect(await guard.admit('d', '4')).toBeUndefined()
    expect(await guard.admit('e', '5')).toBeUndefined()
    expect(await guard.admit('f', '6')).toMatchObject({ kind: 'too-many' })
  })

  test('P25: count the numbers of a country code, and neither others nor addresses', async () => {
    const { guard } = guardOf({ perCountryCode: { 44: 2, default: 1 } })
    const admitted: boolean[] = []
    for (const to of [
      ...['+447700900121', '+447700900122', '+447700900123', '+15550100121', '+15550100122'],
      ...['+491701234567', 'ada@example.test', 'bob@example.test'],
    ]) {
      admitted.push((await guard.admit(to, '1')) === undefined)
    }
    expect(admitted).toEqual([true, true, false, true, false, true, true, true])
    const { guard: open } = guardOf({ perCountryCode: { 1: 1 } })
    expect(await open.admit('+447700900121', '1')).toBeUndefined()
    expect(await open.admit('+447700900122', '1')).toBeUndefined()
  })

  test('say how many seconds are left of the quarter of an hour, and end with it', async () => {
    const { guard, clock } = guardOf({ perIp: 1 })
    clock.advance(5 * minute)
    await guard.admit('a', '1')
    const full = { kind: 'too-many', retryAfterSeconds: 600 }
    expect(await guard.admit('b', '1')).toEqual(full)
    clock.advance(10 * minute - 1)
    expect(await guard.admit('b', '1')).toEqual({ ...full, retryAfterSeconds: 1 })
    clock.advance(1)
    expect(await guard.admit('b', '1')).toBeUndefined()
  })

  test('count addresses that differ by a plus inside as two', async () => {
    const { guard } = guardOf({ perAddress: 1, cooldownSeconds: 0 })
    expect(await guard.admit('ada+b@example.test', '1')).toBeUndefined()
    expect(await guard.admit('adab@example.test', '2')).toBeUndefined()
  })

  test('let no sender who is over the limit hold up somebody else’s address', async () => {
    const { guard } = guardOf({ perIp: 1 })
    await guard.admit('a', '1')
    expect(await guard.admit('b', '1')).toMatchObject({ kind: 'too-many' })
    expect(await guard.admit('b', '2')).toBeUndefined()
  })

  test('take back pause and count of what was never sent, and not the sender’s own', async () => {
    const { guard } = guardOf({ perAddress: 2, perIp: 5 })
    for (let outage = 0; outage < 4; outage += 1) {
      expect(await guard.admit('a', '1')).toBeUndefined()
      await guard.refund('a')
    }
    expect(await guard.admit('a', '2')).toBeUndefined()
    await guard.forgive('a')
    expect(await guard.admit('a', '3')).toBeUndefined()
    await guard.forgive('a')
    expect(await guard.admit('a', '4')).toMatchObject({ kind: 'too-many' })
    expect(await guard.admit('b', '1')).toBeUndefined()
    expect(await guard.admit('c', '1')).toMatchObject({ kind: 'too-many' })
  })

  test('take back the pause, and not the count, of what was sent and used', async () => {
    const { guard } = guardOf({ perAddress: 2 })
    await guard.admit('a', '1')
    await guard.forgive('a')
    expect(await guard.admit('a', '1')).toBeUndefined()
    await guard.forgive('a')
    expect(await guard.admit('a', '1')).toMatchObject({ kind: 'too-many' })
  })

  test('hold for all instances that share a store, which learns no address', async () => {
    const keys: string[] = []
    const shared = memoryStore()
    const store: StateStore = {
      ...shared,
      setIfAbsent: (key, value, ttlMs) => {
        keys.push(key)
        return shared.setIfAbsent(key, value, ttlMs)
      },
    }
    const [here, there] = [guardOf({}, store).guard, guardOf({}, store).guard]
    expect(await here.admit('ada@example.test', '1')).toBeUndefined()
    expect(await there.admit('ada@example.test', '1')).toMatchObject({ kind: 'too-many' })
    expect(keys.join()).not.toContain('ada')
  })

  test('cost the store a count each, and no look at refunds before one is reached', async () => {
    const operations: string[] = []
    const store = wrapStore(memoryStore(), (operation, name) => {
      operations.push(name)
      return operation()
    })
    const { guard } = guardOf({ perAddress: 1 }, store)
    expect(await guard.admit('a', '1')).toBeUndefined()
    expect(operations).toEqual(['increment', 'setIfAbsent', 'increment'])
  })

  test('refuse nobody for good when the store is out of reach', async () => {
    const broken = wrapStore(memoryStore(), () => Promise.reject(new Error('store')))
    const { guard } = guardOf({}, broken)
    expect(await guard.admit('a', '1')).toEqual({ kind: 'unavailable', retryAfterSeconds: 1 })
    await expect(guard.forgive('a')).resolves.toBeUndefined()
    await expect(guard.refund('a')).resolves.toBeUndefined()
  })
})
