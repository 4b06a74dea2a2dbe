import { describe, expect, it } from 'vitest'
import { isLoopback } from '../src/config/project.ts'
import { systemClock } from '../src/clock.ts'
import { memoryStore } from '../src/store/memory-store.ts'
import { type ClientOptions, formatOption, resolveOptions } from '../src/options.ts'
import { createDescopeClient } from '../src/client.ts'
import { projectId } from './fixtures.ts'

function resolve(options: object) {
  return resolveOptions({ projectId, ...options })
}

/** Every option that has a default. */
const nothing: Omit<Required<ClientOptions>, 'projectId'> = {
  baseUrl: undefined,
  dangerouslyAllowHttp: undefined,
  authManagementKey: undefined,
  publicKey: undefined,
  keysFreshSeconds: undefined,
  timeoutMs: undefined,
  dispatcher: undefined,
  clock: undefined,
  store: undefined,
  tokenNames: undefined,
  refreshGraceSeconds: undefined,
  clockToleranceSeconds: undefined,
  maxTokenLength: undefined,
  issuers: undefined,
  audience: undefined,
  algorithms: undefined,
  cache: undefined,
  revocation: undefined,
  logger: undefined,
}

describe('resolveOptions', () => {
  it('rejects an unknown option and names it', () => {
    expect(() => resolve({ timeout: 5000 })).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        message: expect.stringMatching(/no option "timeout"; it has .*timeoutMs/),
      }),
    )
  })

  it('takes an option that is undefined for one that is not given', () => {
    const { store: _, ...config } = resolve({
      ...nothing,
      tokenNames: { session: undefined, refresh: undefined },
      cache: { maxEntries: undefined, maxBytes: undefined },
    })
    const { store: __, ...defaults } = resolve({})
    expect(config).toEqual(defaults)
  })

  it('applies every default, and freezes what it returns', () => {
    const config = resolve({})
    expect(config).toMatchObject({
      projectId,
      baseUrl: 'https://api.descope.com',
      timeoutMs: 10_000,
      clock: systemClock,
      tokenNames: { session: 'DS', refresh: 'DSR' },
      clockToleranceSeconds: 5,
      maxTokenLength: 16_384,
      algorithms: ['RS256', 'RS384', 'ES256', 'ES384'],
      cache: { maxEntries: 10_000, maxBytes: 32 * 1024 * 1024 },
    })
    expect(config.revocation).toBeUndefined()
    for (const part of [config, config.tokenNames, config.algorithms, config.cache]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  it('copies lists, so that changing them later changes nothing', () => {
    const issuers = [projectId]
    const config = resolve({ issuers })
    issuers.push('https://evil.test')
    expect(config.issuers).toEqual([projectId])
  })

  it('treats a single audience as a list of one', () => {
    expect(resolve({ audience: 'web' }).audience).toEqual(['web'])
  })

  it.each([
    ['https://auth.example.test', 'https://auth.example.test'],
    ['https://auth.example.test/', 'https://auth.example.test'],
    ['https://example.test/auth/', 'https://example.test/auth'],
    ['http://localhost:8090', 'http://localhost:8090'],
    ['http://127.0.0.1:8090', 'http://127.0.0.1:8090'],
    ['http://[::1]:8090', 'http://[::1]:8090'],
    ['', 'https://api.descope.com'],
  ])('resolves the base URL %j to %s', (baseUrl, resolved) => {
    expect(resolve({ baseUrl }).baseUrl).toBe(resolved)
  })

  it('accepts plain http to another machine only with dangerouslyAllowHttp', () => {
    const baseUrl = 'http://emulator:8090'
    expect(resolve({ baseUrl, dangerouslyAllowHttp: true }).baseUrl).toBe(baseUrl)
    expect(() => resolve({ baseUrl })).toThrow(/dangerouslyAllowHttp/)
    expect(() => resolve({ baseUrl, dangerouslyAllowHttp: 'yes' })).toThrow(TypeError)
  })

  it.each([
    ['projectId', 'P2short'],
    ['projectId', `P2${'a'.repeat(26)}/`],
    ['projectId', `P2${'a'.repeat(26)}\n`],
    ['projectId', '__ProjectID__'],
    ['projectId', 42],
    ['baseUrl', 'auth.example.test'],
    ['baseUrl', '/auth'],
    ['baseUrl', 'ftp://auth.example.test'],
    ['baseUrl', 'https://user:password@auth.example.test'],
    ['baseUrl', 'https://auth.example.test?x=1'],
    ['baseUrl', 'https://auth.example.test#x'],
    ['baseUrl', 'http://localhost.evil.test'],
    ['baseUrl', 'http://127.0.0.1.evil.test'],
    ['baseUrl', 42],
    ['authManagementKey', 'a\r\nx: y'],
    ['authManagementKey', 42],
    ['timeoutMs', 0],
    ['timeoutMs', Number.NaN],
    ['timeoutMs', 600_001],
    ['timeoutMs', '5'],
    ['clockToleranceSeconds', 301],
    ['maxTokenLength', 100_000],
    ['clockToleranceSeconds', -1],
    ['issuers', []],
    ['issuers', 'https://issuer.test'],
    ['audience', [1]],
    ['algorithms', ['HS256']],
    ['algorithms', ['none']],
    ['algorithms', []],
    ['cache', { maxEntries: 0 }],
    ['cache', { max: 10 }],
    ['cache', true],
    ['revocation', { onStoreError: 'deny', onError: 'deny' }],
    ['tokenNames', { sessions: 'S' }],
    ['tokenNames', 'S'],
    ['revocation', {}],
    ['revocation', { onStoreError: 'ignore' }],
    ['tokenNames', { session: 'a b' }],
    ['tokenNames', { session: 'DSR' }],
    ['dispatcher', {}],
    // As the classes of undici 6 and older have it, which call handlers by other names.
    ['dispatcher', { dispatch: () => true, interceptors: [] }],
    ['clock', { now: () => 0 }],
    ['clock', null],
    ['store', { ...memoryStore(), increment: undefined }],
    ['logger', { debug: () => {} }],
  ])('throws a TypeError that names %s for %j', (option, value) => {
    const create = () => resolve({ [option]: value })
    expect(create).toThrow(TypeError)
    expect(create).toThrow(new RegExp(`^${option}`))
  })

  it.each([
    ...['projectId', ...Object.keys(nothing), 'tokenNames.session', 'tokenNames.refresh'],
    ...['cache.maxEntries', 'cache.maxBytes', 'revocation.onStoreError'],
  ])('does not take null for %s', (path) => {
    const [option = '', member] = path.split('.')
    const value = member === undefined ? null : { [member]: null }
    const create = () => createDescopeClient({ projectId, [option]: value })
    expect(create).toThrow(TypeError)
    expect(create).toThrow(new RegExp(`^${path}`))
  })

  it('lets a test write another format than the current one', () => {
    expect(resolve({}).format).toBe(1)
    expect(resolve({ [formatOption]: 2 }).format).toBe(2)
  })

  it.each([undefined, null, 'P2'])('requires an object instead of %j', (options) => {
    expect(() => resolveOptions(options as never)).toThrow(/options object/)
  })
})

describe('isLoopback', () => {
  it.each(['localhost', 'app.localhost', '127.0.0.1', '127.1.2.3', '[::1]'])('%s is', (host) => {
    expect(isLoopback(host)).toBe(true)
  })

  it.each(['example.test', 'localhost.test', '127.0.0.1.test', '0.0.0.0', '[::]', '10.0.0.1'])(
    '%s is not',
    (host) => {
      expect(isLoopback(host)).toBe(false)
    },
  )
})
