import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startStub, type Stub } from '@linkpass/testing'
import { createDescopeClient } from '../../src/client.ts'
import { endpoints } from '../../src/http/endpoints.ts'
import { version } from '../../src/http/version.ts'
import { projectId } from '../fixtures.ts'
import { signingKey, wireCases } from './cases.ts'
import { anyWidth, withTable } from './table.ts'

const publicKey = signingKey.jwk

describe('every call becomes the request of the contract', () => {
  let stub: Stub
  let nextResponse: unknown

  beforeAll(async () => {
    stub = await startStub(() => ({ body: nextResponse }))
  })

  afterAll(() => stub[Symbol.asyncDispose]())

  it.each(wireCases)('$call ($covers)', async (wireCase) => {
    const { run, method, path, token, body, response } = wireCase
    await using client = createDescopeClient({ projectId, baseUrl: stub.url, publicKey })
    nextResponse = response
    const from = stub.seen.length
    const result = await run(client)
    expect(result).toEqual({ ok: true, code: 200, data: wireCase.data ?? response })

    const sent = stub.seen.slice(from)
    expect(sent).toHaveLength(1)
    const bearer = token === undefined ? projectId : `${projectId}:${token}`
    expect(sent[0]).toMatchObject({
      method,
      path,
      headers: { authorization: `Bearer ${bearer}`, 'x-descope-project-id': projectId },
    })
    expect(sent[0]?.headers['content-type']).toBe(
      method === 'POST' ? 'application/json' : undefined,
    )
    expect(sent[0]?.body).toEqual(body)
  })

  it('adds the authentication management key as the last part of every bearer', async () => {
    const options = { projectId, baseUrl: stub.url, authManagementKey: 'amk', publicKey }
    await using client = createDescopeClient(options)
    for (const { run, token, response } of wireCases) {
      nextResponse = response
      const from = stub.seen.length
      await run(client)
      const bearer = ['Bearer ' + projectId, ...(token ? [token] : []), 'amk'].join(':')
      expect(stub.seen[from]?.headers.authorization).toBe(bearer)
    }
  })

  it('sends these headers and no others', async () => {
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    nextResponse = { maskedEmail: 'a' }
    await client.magicLink.signUpOrIn.email('ada@example.test')
    const { host: _host, connection: _connection, ...headers } = stub.seen.at(-1)?.headers ?? {}
    expect(headers).toEqual({
      authorization: `Bearer ${projectId}`,
      accept: 'application/json',
      'accept-encoding': 'gzip, deflate, br',
      'content-type': 'application/json',
      'content-length': String(JSON.stringify(stub.seen.at(-1)?.body).length),
      'user-agent': `linkpass/${version}`,
      'x-descope-project-id': projectId,
      'x-descope-sdk-name': 'linkpass',
      'x-descope-sdk-version': version,
    })
  })

  it('has a case for every endpoint', () => {
    const covered = new Set(wireCases.map(({ method, path }) => `${method} ${path}`))
    for (const { method, path } of Object.values(endpoints)) {
      expect(covered).toContain(`${method} ${path}`)
    }
  })
})

it('the table of calls in the documents is the one of these cases', () => {
  const page = readFileSync(new URL('../../../../docs/client.md', import.meta.url), 'utf8')
  // If it is not: node -C @linkpass/source --import tsx packages/core/test/wire/write-table.ts
  expect(anyWidth(page)).toBe(anyWidth(withTable(page)))
})
