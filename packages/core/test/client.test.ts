import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import createClient, { clientOptionsFromEnv, createDescopeClient } from '../src/index.ts'

const projectId = 'P2abcdefghijklmnopqrstuvwxyz01'
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJVMiJ9.c2ln'

interface Seen {
  method: string | undefined
  path: string | undefined
  headers: IncomingMessage['headers']
  body: unknown
}

describe('a client against a server that notes what it is sent', () => {
  const seen: Seen[] = []
  let answer: object = {}
  let server: Server
  let baseUrl = ''

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const { method, url, headers } = request
        seen.push({ method, path: url, headers, body: body === '' ? undefined : JSON.parse(body) })
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(answer))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    baseUrl = `http://127.0.0.1:${port}`
  })

  afterAll(() => new Promise((resolve) => server.close(resolve)))

  it('asks for a magic link by email', async () => {
    const client = createDescopeClient({ projectId, baseUrl })
    answer = { maskedEmail: 'a***@example.test' }
    const uri = 'https://app.example.test/auth/verify'
    const result = await client.magicLink.signUpOrIn.email('ada@example.test', uri)
    expect(result).toEqual({ ok: true, code: 200, data: { maskedEmail: 'a***@example.test' } })
    expect(seen.pop()).toMatchObject({
      method: 'POST',
      path: '/v1/auth/magiclink/signup-in/email',
      headers: { authorization: `Bearer ${projectId}`, 'content-type': 'application/json' },
      body: { loginId: 'ada@example.test', redirectUrl: uri, loginOptions: {} },
    })
    await client.close()
  })

  it('spends a token and reads who the refresh token belongs to', async () => {
    const client = createClient({ projectId, baseUrl })
    answer = { sessionJwt: jwt, refreshJwt: jwt, user: { userId: 'U2', loginIds: ['a'] } }
    const verified = await client.magicLink.verify('abc')
    expect(verified.ok && verified.data.user?.userId).toBe('U2')
    expect(JSON.stringify(verified)).not.toContain(jwt)
    answer = { userId: 'U2', loginIds: ['a'], email: null, newField: 1 }
    const me = await client.me(jwt)
    expect(me).toEqual({ ok: true, code: 200, data: { userId: 'U2', loginIds: ['a'] } })
    expect(seen.pop()).toMatchObject({
      method: 'GET',
      path: '/v1/auth/me',
      headers: { authorization: `Bearer ${projectId}:${jwt}` },
      body: undefined,
    })
    await client.close()
  })

  it('answers ERR_CLOSED after close', async () => {
    const client = createDescopeClient({ projectId, baseUrl })
    await client.close()
    const result = await client.me(jwt)
    expect(result.ok).toBe(false)
    expect(result.error?.code).toBe('ERR_CLOSED')
  })
})

describe('clientOptionsFromEnv', () => {
  it('reads what is set and leaves the rest to the defaults', () => {
    expect(clientOptionsFromEnv({ DESCOPE_PROJECT_ID: projectId, DESCOPE_BASE_URL: '' })).toEqual({
      projectId,
    })
  })

  it('names the variable that is missing', () => {
    expect(() => clientOptionsFromEnv({})).toThrow(/DESCOPE_PROJECT_ID/)
  })
})
