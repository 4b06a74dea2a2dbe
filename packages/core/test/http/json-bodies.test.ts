import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startStub, type Stub, vectorsFolder } from '@linkpass/testing'
import { expectQuietProcess, vectorsOrSkip } from '@linkpass/testing/vitest'
import { createDescopeClient, type DescopeClient } from '../../src/client.ts'
import { projectId } from '../fixtures.ts'

const folder = `${vectorsFolder}jsontestsuite/test_parsing/`

describe('the JSON test suite as responses of the service', () => {
  beforeEach(vectorsOrSkip)
  expectQuietProcess()
  let stub: Stub
  let client: DescopeClient
  let status = 200
  let body: Uint8Array = Buffer.alloc(0)

  beforeAll(async () => {
    stub = await startStub(() => ({ status, body }))
    client = createDescopeClient({ projectId, baseUrl: stub.url })
  })

  afterAll(async () => {
    await client.close()
    await stub[Symbol.asyncDispose]()
  })

  it('is never a success, and always a result', async () => {
    const names = readdirSync(folder)
    expect(names.length).toBeGreaterThan(300)
    for (const name of names) {
      body = readFileSync(folder + name)
      status = 200
      const read = await client.magicLink.verify('abc')
      expect(read.error?.code, name).toBe('ERR_RESPONSE_INVALID')
      status = 400
      const rejected = await client.magicLink.verify('abc')
      expect(rejected, name).toMatchObject({ code: 400, error: { status: 400, errorCode: '' } })
    }
  })
})
