import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { makeKey, refreshToken, sessionToken, startTime } from '@linkpass/testing'
import { expect, test } from 'vitest'
import { ServiceError } from '../../src/errors.ts'
import { createTestService, type TestServiceOptions } from './service.ts'

const key = makeKey('K1', 'ES256')
const keySet = (): unknown => ({ keys: [key.jwk] })

/** What a channel says while `work` runs. */
async function listen(name: string, work: () => Promise<unknown>): Promise<unknown[]> {
  const heard: unknown[] = []
  const hear = (event: unknown): void => void heard.push(event)
  subscribe(name, hear)
  await work()
  unsubscribe(name, hear)
  return heard
}

test('each verification is an event of its outcome; a cached session is not verified', async () => {
  const { sessions } = createTestService({ keySet })
  const good = sessionToken(key)
  const tokens = [good, good, good, sessionToken(key, {}, startTime - 3_600_000), 'forged']
  const heard = await listen('linkpass:session:verified', async () => {
    for (const sessionJwt of tokens) await sessions.authenticate({ sessionJwt })
  })
  expect(heard).toEqual(
    ['valid', 'valid', 'expired', 'ERR_TOKEN_MALFORMED'].map((outcome) => ({ outcome })),
  )
})

const details = { status: 401, errorCode: 'E064001', errorDescription: '', errorMessage: '' }

test.each<[string, NonNullable<TestServiceOptions['refresh']>]>([
  ['ok', async () => ({ ok: true, code: 200, data: { sessionJwt: sessionToken(key) } })],
  ['ERR_SERVICE_REFUSED', async () => ({ ok: false, code: 401, error: new ServiceError(details) })],
  ['unknown', () => Promise.reject(new Error('not of this library'))],
])('requests that share a refresh are one event: %s', async (outcome, refresh) => {
  const { sessions } = createTestService({ keySet, refresh })
  const refreshJwt = refreshToken(key)
  const heard = await listen('linkpass:session:refreshed', () =>
    Promise.allSettled([sessions.refreshSession(refreshJwt), sessions.refreshSession(refreshJwt)]),
  )
  expect(heard).toEqual([{ outcome, durationMs: expect.any(Number) }])
})
