import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDescopeClient, type DescopeClient } from '../../src/client.ts'
import { projectId } from '../fixtures.ts'
import { expectQuietProcess } from '../quiet-process.ts'
import { hasVectors } from '../jwt/vectors.ts'
import { type Stub, startStub } from '../stub-server.ts'

const folder = new URL('../../../../../shared/vectors/jsontestsuite/test_parsing/', import.meta.url)

describe.skipIf(!hasVectors())('the JSON test suite as responses of the service', () => {
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
    const names = readdirSync(fileURLToPath(folder))
    expect(names.length).toBeGreaterThan(300)
    for (const name of names) {
      body = readFileSync(new URL(encodeURIComponent(name), folder))
      status = 200
      const read = await client.magicLink.verify('abc')
      expect(read.error?.code, name).toBe('ERR_RESPONSE_INVALID')
      status = 400
      const rejected = await client.magicLink.verify('abc')
      expect(rejected, name).toMatchObject({ code: 400, error: { status: 400, errorCode: '' } })
    }
  })
})
