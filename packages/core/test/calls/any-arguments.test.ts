import {
  anything,
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  oneof,
  record,
} from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startStub, type Stub } from '@linkpass/testing'
import { expectQuietProcess } from '@linkpass/testing/vitest'
import { createDescopeClient, type DescopeClient } from '../../src/client.ts'
import { RequestError, ServiceError } from '../../src/errors.ts'
import type { Result } from '../../src/result.ts'
import { projectId, refreshJwt, uri } from '../fixtures.ts'

/** What a JavaScript caller might pass, with enough of the right things to get past a check. */
const argument = oneof(
  anything({ withBigInt: true, withDate: true, withSparseArray: true }),
  constantFrom('ada@example.test', '+15555550100', refreshJwt, uri, 'sms', undefined, true),
  record({ stepup: boolean(), customClaims: anything() }, { requiredKeys: [] }),
)

type AnyCall = (...args: unknown[]) => Promise<Result<unknown>>

const account = ['refresh', 'logout', 'logoutAll', 'me', 'myTenants', 'history'] as const
const roots = [
  'magicLink',
  'enchantedLink',
  'selectTenant',
  'exchangeAccessKey',
  ...account,
] as const

/** Every function below these members of a client, and below its functions. */
function callsOf(value: unknown): AnyCall[] {
  // Their types are what these runs ignore.
  const own = typeof value === 'function' ? [value as AnyCall] : []
  return [...own, ...Object.values(Object(value)).flatMap(callsOf)]
}

describe('a call with any arguments at all', () => {
  expectQuietProcess()
  let stub: Stub
  let client: DescopeClient

  beforeAll(async () => {
    stub = await startStub(() => ({ status: 400, body: { errorCode: 'E011003' } }))
    client = createDescopeClient({ projectId, baseUrl: stub.url })
  })

  afterAll(async () => {
    await client.close()
    await stub[Symbol.asyncDispose]()
  })

  it('resolves to a result, and neither throws nor rejects', async () => {
    const calls = roots.flatMap((root) => callsOf(client[root]))
    expect(calls).toHaveLength(29)
    const property = asyncProperty(
      constantFrom(...calls),
      array(argument, { maxLength: 6 }),
      async (call, args) => {
        const result = await call(...args)
        expect(result.ok).toBe(false)
        const { error } = result
        expect(error instanceof RequestError || error instanceof ServiceError).toBe(true)
      },
    )
    await assert(property, { numRuns: 1500 })
  })
})
