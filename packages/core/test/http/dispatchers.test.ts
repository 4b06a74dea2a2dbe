import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { MockAgent, ProxyAgent } from 'undici'
import { describe, expect, it } from 'vitest'
import { startStub } from '@linkpass/testing'
import { createDescopeClient } from '../../src/client.ts'
import { projectId, refreshJwt } from '../fixtures.ts'

const baseUrl = 'https://auth.example.test'
const user = { userId: 'U2', loginIds: ['ada@example.test'] }

describe('a dispatcher of the caller', () => {
  it('can be a MockAgent, as in the tests of an app', async () => {
    const dispatcher = new MockAgent()
    dispatcher.disableNetConnect()
    const service = dispatcher.get(baseUrl)
    await using client = createDescopeClient({ projectId, baseUrl, dispatcher })

    service.intercept({ method: 'GET', path: '/v1/auth/me' }).reply(200, user)
    expect(await client.me(refreshJwt)).toEqual({ ok: true, code: 200, data: user })

    service.intercept({ method: 'POST', path: '/v1/auth/logout' }).reply(401, { errorCode: 'E1' })
    service.intercept({ method: 'GET', path: `/v2/keys/${projectId}` }).reply(200, { keys: [] })
    expect((await client.logout(refreshJwt)).error?.errorCode).toBe('E1')

    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    service.intercept({ method: 'GET', path: '/v1/auth/me' }).replyWithError(reset).times(2)
    expect((await client.me(refreshJwt)).error?.code).toBe('ERR_NETWORK')
    await dispatcher.close()
  })

  it('can be a ProxyAgent, and every request goes through the proxy', async () => {
    await using stub = await startStub(() => ({ body: user }))
    const requested: (string | undefined)[] = []
    const proxy = createServer().on('connect', (request, socket) => {
      requested.push(request.url)
      const { hostname, port } = new URL(`http://${request.url}`)
      const upstream = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        upstream.pipe(socket).pipe(upstream)
      })
      socket.on('error', () => upstream.destroy())
      upstream.on('error', () => socket.destroy())
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    const dispatcher = new ProxyAgent({ uri: `http://127.0.0.1:${port}`, proxyTunnel: true })
    await using client = createDescopeClient({ projectId, baseUrl: stub.url, dispatcher })
    expect((await client.me(refreshJwt)).ok).toBe(true)
    expect(requested).toEqual([new URL(stub.url).host])
    expect(stub.seen).toHaveLength(1)
    await dispatcher.close()
    await new Promise((resolve) => proxy.close(resolve))
  })
})
