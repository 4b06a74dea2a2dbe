import { describe, expect, it } from 'vitest'
import {
  createTestClock,
  deferred,
  makeKey,
  projectId as tokenProject,
  refreshToken,
  startStub,
} from '@linkpass/testing'
import { createDescopeClient } from '../src/client.ts'
import { memoryStore } from '../src/store/memory-store.ts'
import type { ClientOptions } from '../src/options.ts'
import { projectId, refreshJwt } from './fixtures.ts'

const maskedEmail = { maskedEmail: 'a***@example.test' }

describe('createDescopeClient', () => {
  it.each([
    ['projectId', { projectId: '__ProjectID__' }],
    ['projectId', { projectId: '' }],
    ['projectId', {}],
    ['baseUrl', { projectId, baseUrl: 'auth.example.test' }],
    ['dangerouslyAllowHttp', { projectId, dangerouslyAllowHttp: 'true' }],
    ['dangerouslyAllowHttp', { projectId, dangerouslyAllowHttp: 1 }],
    ['baseUrl', { projectId, baseUrl: 'http://auth.example.test' }],
    ['timeoutMs', { projectId, timeoutMs: 0 }],
    ['authManagementKey', { projectId, authManagementKey: 'a b\r\n' }],
    ['tokenNames', { projectId, tokenNames: { session: 'a;b' } }],
    ['algorithms', { projectId, algorithms: ['HS256'] }],
  ])('throws a TypeError that names %s when it is invalid', (option, options) => {
    const create = () => createDescopeClient(options as ClientOptions)
    expect(create).toThrow(TypeError)
    expect(create).toThrow(new RegExp(option))
  })

  it('shows its settings, frozen and without a secret', () => {
    const store = memoryStore()
    const client = createDescopeClient({ projectId, authManagementKey: 'canary', store })
    expect(client.settings).toMatchObject({
      projectId,
      baseUrl: 'https://api.descope.com',
      store,
      tokenNames: { session: 'DS', refresh: 'DSR' },
    })
    expect(Object.isFrozen(client)).toBe(true)
    expect(Object.isFrozen(client.settings)).toBe(true)
    expect(JSON.stringify(client)).not.toContain('canary')
  })

  it.each([
    ['P2abcdefghijklmnopqrstuvwxyz0', 'https://api.descope.com'],
    ['Puse1abcdefghijklmnopqrstuvwxyz0', 'https://api.use1.descope.com'],
    ['Peuc1abcdefghijklmnopqrstuvwxyz0123', 'https://api.euc1.descope.com'],
  ])('uses the region of %s', (id, baseUrl) => {
    expect(createDescopeClient({ projectId: id }).settings.baseUrl).toBe(baseUrl)
  })

  it('has the documented spelling of magicLink', () => {
    const client = createDescopeClient({ projectId })
    expect(client.magiclink).toBe(client.magicLink)
  })

  it('keeps the path of a base URL', async () => {
    await using stub = await startStub(() => ({ body: maskedEmail }))
    await using client = createDescopeClient({ projectId, baseUrl: `${stub.url}/descope/` })
    await client.magicLink.signUpOrIn.email('ada@example.test')
    expect(stub.seen[0]?.path).toBe('/descope/v1/auth/magiclink/signup-in/email')
  })
})

describe('connections', () => {
  it('are kept alive, and there are at most 48', async () => {
    await using stub = await startStub(() => ({ body: maskedEmail }))
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    for (let i = 0; i < 5; i += 1) await client.magicLink.signUpOrIn.email('ada@example.test')
    // undici frees a socket one turn after the response, so calls in a row alternate between two.
    expect(stub.sockets()).toBeLessThanOrEqual(2)
    const calls = Array.from({ length: 100 }, () =>
      client.magicLink.signUpOrIn.email('ada@example.test'),
    )
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true)
    expect(stub.sockets()).toBeLessThanOrEqual(48)
  })
})

describe('with', () => {
  it('shares the connections of the original client', async () => {
    await using stub = await startStub(() => ({ body: maskedEmail }))
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    for (let i = 0; i < 5; i += 1) {
      const limited = client.with({ timeoutMs: 5000 })
      expect((await limited.magicLink.signUpOrIn.email('ada@example.test')).ok).toBe(true)
      expect(limited.settings).toBe(client.settings)
    }
    expect(stub.sockets()).toBeLessThanOrEqual(2)
  })

  it('keeps a limit that is not given', async () => {
    await using client = createDescopeClient({ projectId, baseUrl: 'http://localhost:9' })
    const limited = client.with({ signal: AbortSignal.abort() }).with({ timeoutMs: 50 })
    expect((await limited.me(refreshJwt)).error?.code).toBe('ERR_ABORTED')
  })

  it('P34: a deadline with a fraction is one, for a logout too', async () => {
    await using stub = await startStub(() => new Promise(() => {}))
    const client = createDescopeClient({ projectId, baseUrl: stub.url, timeoutMs: 2500.5 })
    expect(client.settings.timeoutMs).toBe(2501)
    const { error } = await client.with({ timeoutMs: 10.5 }).logout(refreshJwt)
    expect(error?.code).toBe('ERR_TIMEOUT')
    void client.close()
  })

  it('throws a TypeError for an invalid limit', () => {
    const client = createDescopeClient({ projectId })
    expect(() => client.with({ timeoutMs: -1 })).toThrow(/^timeoutMs/)
    expect(() => client.with({ signal: {} as never })).toThrow(/^signal/)
    expect(() => client.with({ timeout: 50 } as object)).toThrow(/^with has no option "timeout"/)
  })
})

describe('close', () => {
  it('lets a running call finish, and fails later ones with ERR_CLOSED', async () => {
    await using stub = await startStub(() => ({ body: maskedEmail }))
    const client = createDescopeClient({ projectId, baseUrl: stub.url })
    await client.magicLink.signUpOrIn.email('ada@example.test')
    const underWay = client.magicLink.signUpOrIn.email('ada@example.test')
    // The call reaches the pool in a later turn than the one it was made in.
    await new Promise((resolve) => setImmediate(resolve))
    await client.close()
    expect((await underWay).ok).toBe(true)
    expect((await client.me(refreshJwt)).error?.code).toBe('ERR_CLOSED')
    expect((await client.with({}).me(refreshJwt)).error?.code).toBe('ERR_CLOSED')
  })

  it('of a client without calls loads nothing, and may be called twice', async () => {
    const client = createDescopeClient({ projectId })
    await client.close()
    await client.close()
    expect((await client.logout(refreshJwt)).error?.code).toBe('ERR_CLOSED')
  })

  it('may be called in a block that also closes the client at its end', async () => {
    await using stub = await startStub(() => ({ body: maskedEmail }))
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    await client.magicLink.signUpOrIn.email('ada@example.test')
    await Promise.all([client.close(), client.close()])
    await expect(client.close()).resolves.toBeUndefined()
  })

  it('does not close the caller’s dispatcher', async () => {
    let closed = false
    const dispatcher = {
      dispatch: () => true,
      close: async () => {
        closed = true
      },
    }
    const client = createDescopeClient({
      projectId,
      dispatcher: dispatcher as never,
      timeoutMs: 20,
    })
    expect((await client.me(refreshJwt)).error?.code).toBe('ERR_TIMEOUT')
    await client.close()
    expect(closed).toBe(false)
  })
})

describe('a caller who aborts while the keys do not arrive', () => {
  it.each(['logout', 'logoutAll'] as const)('is not kept waiting by %s', async (name) => {
    const isAsked = deferred<void>()
    await using stub = await startStub(({ path }) => {
      if (!path.startsWith('/v2/keys/')) return {}
      isAsked.resolve()
      return new Promise(() => {})
    })
    // Time does not pass, so that no deadline ends the wait.
    const clock = createTestClock()
    const client = createDescopeClient({ projectId: tokenProject, baseUrl: stub.url, clock })
    const token = refreshToken(makeKey('K1', 'ES256'))
    const abort = new AbortController()
    const ending = client.with({ signal: abort.signal })[name](token)
    await isAsked.promise
    abort.abort()
    await expect(ending).resolves.toBeDefined()
    const tokens = { sessionJwts: [], refreshJwts: [token] }
    const { ended } = await client.with({ signal: abort.signal }).endSession(tokens, 'everywhere')
    expect(ended).toBe(false)
    await client.close()
  })
})
