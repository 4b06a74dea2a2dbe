import { startEmulator } from '@linkpass/emulator'
import { expect, test } from 'vitest'
import { callEveryMethod } from '../tools/conformance/src/every-method.ts'

// These read a token, and request nothing or the key set alone.
const readsTokens = /^(isJwt|get|validate|refreshSession)\w*$/

test('every method of @descope/node-sdk gets an answer, or a 501 that names what is there', async () => {
  await using emulator = await startEmulator()
  const results = await callEveryMethod(emulator)
  const requests = results.flatMap(({ method, requests: seen }) =>
    seen.map((request) => ({ sdk: method, ...request })),
  )
  expect(requests.filter(({ status }) => status === 404)).toEqual([])
  for (const { sdk, status, hint } of requests) {
    expect(status === 501, `${sdk}: ${status} ${hint}`).toBe(
      hint.startsWith('The emulator does not emulate '),
    )
  }
  const silent = results.filter(({ requests: seen }) => seen.length === 0)
  expect(silent.map(({ method }) => method).filter((name) => !readsTokens.test(name))).toEqual([])
  expect(results.length).toBeGreaterThan(250)
})
