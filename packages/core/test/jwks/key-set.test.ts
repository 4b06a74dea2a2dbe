import { describe, expect, test } from 'vitest'
import { createTestClock, deferred, flush, makeKey, type TestClock } from '@linkpass/testing'
import { KeySetError, ServiceError, TokenError } from '../../src/errors.ts'
import { RefreshedKeySet, type KeySet } from '../../src/jwks/key-set.ts'

const K1 = makeKey('K1', 'ES256')
const K2 = makeKey('K2', 'ES256')
const second = 1000
const minute = 60 * second
const lost = new Error('lost')

interface Endpoint {
  readonly clock: TestClock
  readonly keys: KeySet
  /** The lines of the logger. */
  readonly warnings: string[]
  /** The next responses of the key endpoint; an error is thrown, a promise awaited. */
  response: unknown
  calls: number
}

function create(response: unknown): Endpoint {
  const clock = createTestClock()
  const fetchKeys = async (): Promise<unknown> => {
    endpoint.calls += 1
    if (endpoint.response instanceof Error) throw endpoint.response
    return endpoint.response
  }
  const warnings: string[] = []
  const logger = { debug: () => {}, warn: (line: string) => void warnings.push(line) }
  const keys = new RefreshedKeySet({ clock, algorithms: ['ES256'], logger, fetchKeys })
  const endpoint: Endpoint = { clock, keys, warnings, response, calls: 0 }
  return endpoint
}

const setOf = (...keys: (typeof K1)[]) => ({ keys: keys.map((key) => key.jwk) })

/** The id of the key that was found, or the error, whether it came at once or later. */
async function look({ keys }: Endpoint, kid = 'K1'): Promise<unknown> {
  try {
    return (await keys.find(kid)).kid
  } catch (error) {
    return error
  }
}

async function unavailable(endpoint: Endpoint, kid?: string): Promise<KeySetError> {
  const error = await look(endpoint, kid)
  if (error instanceof KeySetError) return error
  throw new Error('The keys were expected to be unavailable.', { cause: error })
}

describe('after attempts that failed', () => {
  test.each<[string, boolean, number[]]>([
    ['without keys', false, [1, 2, 4, 5, 5, 5]],
    ['with keys', true, [1, 2, 4, 8, 16, 32, 60, 60]],
  ])('%s, the pause doubles up to a limit', async (_what, hasKeys, pauses) => {
    const endpoint = create(setOf(K1))
    if (hasKeys) await endpoint.keys.warmUp()
    endpoint.clock.advance(10 * minute)
    endpoint.response = lost
    await look(endpoint)
    for (const pause of pauses) {
      const before = endpoint.calls
      // A quarter may be taken off, at random.
      endpoint.clock.advance(pause * 750 - 1)
      await look(endpoint)
      await flush()
      expect(endpoint.calls).toBe(before)
      endpoint.clock.advance(pause * 250 + 1)
      await look(endpoint)
      await flush()
      expect(endpoint.calls).toBe(before + 1)
    }
  })

  test('a successful one starts the count again', async () => {
    const endpoint = create(lost)
    for (const wait of [0, second, 2 * second, 4 * second]) {
      endpoint.clock.advance(wait)
      await unavailable(endpoint)
    }
    endpoint.response = setOf(K1)
    endpoint.clock.advance(5 * second)
    expect(await look(endpoint)).toBe('K1')
    endpoint.response = lost
    endpoint.clock.advance(minute)
    expect((await unavailable(endpoint, 'x')).retryAfterSeconds).toBe(1)
  })

  test('retryAfterSeconds is the time until the next attempt', async () => {
    const endpoint = create(lost)
    for (let failures = 1; failures < 20; failures += 1) {
      const { retryAfterSeconds, cause } = await unavailable(endpoint)
      expect(cause).toBe(lost)
      expect(Number.isInteger(retryAfterSeconds)).toBe(true)
      expect(endpoint.calls).toBe(failures)
      endpoint.clock.advance((retryAfterSeconds - 1) * second)
      expect((await unavailable(endpoint)).retryAfterSeconds).toBe(1)
      expect(endpoint.calls).toBe(failures)
      endpoint.clock.advance(second)
    }
  })

  test('the next attempt is not before the Retry-After of the service', async () => {
    const texts = { errorCode: '', errorDescription: '', errorMessage: '' }
    const endpoint = create(new ServiceError({ status: 503, ...texts, retryAfterSeconds: 90 }))
    expect((await unavailable(endpoint)).retryAfterSeconds).toBe(90)
    endpoint.response = setOf(K1)
    endpoint.clock.advance(89 * second)
    await unavailable(endpoint)
    expect(endpoint.calls).toBe(1)
    endpoint.clock.advance(second)
    expect(await look(endpoint)).toBe('K1')
  })

  test('without a Retry-After of the service, the next attempt is after the usual pause', async () => {
    const texts = { errorCode: '', errorDescription: '', errorMessage: '' }
    const endpoint = create(new ServiceError({ status: 503, ...texts }))
    expect((await unavailable(endpoint)).retryAfterSeconds).toBe(1)
    endpoint.response = setOf(K1)
    endpoint.clock.advance(second)
    expect(await look(endpoint)).toBe('K1')
  })

  test('the cause is the failure: too late, or no usable key', async () => {
    const late = create(new Promise(() => {}))
    const waiting = unavailable(late)
    await flush()
    late.clock.advance(5 * second)
    expect((await waiting).cause).toMatchObject({
      message: 'The key set did not arrive in time.',
    })
    expect((await unavailable(create({ keys: [] }))).cause).toMatchObject({
      message: 'The key set contains no usable key.',
    })
  })
})

describe('an unknown id', () => {
  test('is looked for once in half a minute', async () => {
    const endpoint = create(setOf(K1))
    await endpoint.keys.warmUp()
    endpoint.clock.advance(minute)
    expect(await look(endpoint, 'x')).toBeInstanceOf(TokenError)
    expect(endpoint.calls).toBe(2)
    for (const wait of [11 * second, 18_999]) {
      endpoint.clock.advance(wait)
      expect(await look(endpoint, 'x')).toBeInstanceOf(TokenError)
      expect(endpoint.calls).toBe(2)
    }
    endpoint.clock.advance(1)
    expect(await look(endpoint, 'x')).toBeInstanceOf(TokenError)
    expect(endpoint.calls).toBe(3)
  })

  test('may wait for a running attempt, though it may cause none', async () => {
    const endpoint = create(setOf(K1))
    await endpoint.keys.warmUp()
    const response = deferred<unknown>()
    endpoint.response = response.promise
    const causing = look(endpoint, 'x')
    const joining = look(endpoint, 'K2')
    response.resolve(setOf(K1, K2))
    expect(await causing).toBeInstanceOf(TokenError)
    expect(await joining).toBe('K2')
    expect(endpoint.calls).toBe(2)
    expect(await look(endpoint, 'y')).toBeInstanceOf(KeySetError)
    expect(endpoint.calls).toBe(2)
  })

  test('is not one whose key was found, removed, and published again', async () => {
    const endpoint = create(setOf(K1))
    await endpoint.keys.warmUp()
    endpoint.clock.advance(minute)
    endpoint.response = setOf(K1, K2)
    expect(await look(endpoint, 'K2')).toBe('K2')
    endpoint.clock.advance(5 * second)
    endpoint.response = setOf(K1)
    expect(await look(endpoint, 'x')).toBeInstanceOf(TokenError)
    endpoint.clock.advance(5 * second)
    endpoint.response = setOf(K1, K2)
    expect(await look(endpoint, 'K2')).toBe('K2')
  })
})

describe('a key set with more keys than are read at a time', () => {
  const many = Array.from({ length: 1000 }, (_, at) => ({
    ...K1,
    jwk: { ...K1.jwk, kid: `M${at}` },
  }))

  test('keeps what cannot be decided yet apart from unknown ids, and is read by and by', async () => {
    const endpoint = create(setOf(...many, K2))
    const { cause } = await unavailable(endpoint, 'K2')
    expect(cause).toMatchObject({ message: expect.stringContaining('not read yet') })
    expect(await look(endpoint, 'x')).toBeInstanceOf(TokenError)
    expect(await look(endpoint, 'M0')).toBe('M0')
    for (let step = 0; step < 10; step += 1) {
      endpoint.clock.advance(10 * second)
      await look(endpoint, 'K2')
    }
    expect(await look(endpoint, 'K2')).toBe('K2')
  })
})

test('a repeated key stays the same object, so that its tokens stay verified', async () => {
  const endpoint = create(setOf(K1))
  const before = await endpoint.keys.find('K1')
  endpoint.clock.advance(10 * minute)
  endpoint.response = setOf(K1, K2)
  expect(await endpoint.keys.find('K1')).toBe(before)
  expect(endpoint.calls).toBe(2)
})

test('the beginning and the end of an outage are logged', async () => {
  const endpoint = create(lost)
  for (const wait of [0, second, 2 * second]) {
    endpoint.clock.advance(wait)
    await unavailable(endpoint)
  }
  expect(endpoint.warnings).toEqual([
    'linkpass: the key set could not be refreshed; no keys are known yet',
  ])
  endpoint.response = setOf(K1)
  endpoint.clock.advance(4 * second)
  await look(endpoint)
  expect(endpoint.warnings.slice(1)).toEqual([
    'linkpass: the key set is fresh again after 3 failed attempts',
  ])
})

test('a request that joins the attempt that finds its key causes no other', async () => {
  const response = deferred<unknown>()
  const endpoint = create(response.promise)
  const found = Promise.all([look(endpoint), look(endpoint), endpoint.keys.warmUp()])
  response.resolve(setOf(K1))
  expect(await found).toEqual(['K1', 'K1', undefined])
  expect(endpoint.calls).toBe(1)
})

test('closed before the first request, it is unavailable with retryAfterSeconds, and fetches nothing', async () => {
  const endpoint = create(setOf(K1))
  endpoint.keys.close()
  const error = await unavailable(endpoint)
  expect(error.retryAfterSeconds).toBe(1)
  expect(error.cause).toBeUndefined()
  await expect(endpoint.keys.warmUp()).rejects.toThrow(KeySetError)
  expect(endpoint.calls).toBe(0)
})
