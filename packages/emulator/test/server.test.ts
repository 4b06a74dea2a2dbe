import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type EmulatorOptions, startEmulator } from '../src/index.ts'
import { type Service, startService } from './service.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.emulator.close())

/** Sends a Host header, which `fetch` does not allow. */
function withHost(path: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, service.emulator.url)
    request(url, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

describe('a request after DNS rebinding', () => {
  it.each(['/', '/_emulator/messages', '/v2/keys/P2LocalLinkpassEmulator00000'])(
    'is rejected at %s',
    async (path) => {
      expect(await withHost(path, 'evil.test')).toBe(403)
      expect(await withHost(path, `evil.test:${new URL(service.emulator.url).port}`)).toBe(403)
      expect(await withHost(path, 'localhost')).toBe(200)
    },
  )

  it('is rejected unless its Host is in allowedHosts', async () => {
    await using allowed = await startEmulator({ allowedHosts: ['emulator'] })
    const status = await new Promise((resolve) => {
      request(allowed.url, { headers: { host: 'emulator:4500' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).end()
    })
    expect(status).toBe(200)
  })
})

describe('a page of another origin', () => {
  it.each(['http://evil.test', 'null', 'http://localhost.evil.test', 'http://192.168.1.5:3000'])(
    'cannot call the service: %s gets a hint and no CORS headers',
    async (origin) => {
      for (const [method, path] of [
        ['OPTIONS', '/v1/auth/refresh'],
        ['POST', '/v1/auth/refresh'],
        ['GET', `/v2/keys/${service.emulator.projectId}`],
      ] as const) {
        const { status, headers } = await fetch(service.emulator.url + path, {
          method,
          headers: { origin, 'access-control-request-method': 'POST' },
        })
        expect([status, headers.get('access-control-allow-origin')]).toEqual([403, null])
        const way = origin === 'null' ? 'Serve the page from localhost' : `--allow-origin ${origin}`
        expect(headers.get('x-emulator-hint')).toContain(way)
      }
      const page = await fetch(service.emulator.url, { method: 'OPTIONS', headers: { origin } })
      expect(page.headers.get('access-control-allow-origin')).toBeNull()
    },
  )

  it.each(['http://localhost:3000', 'https://app.localhost', 'http://[::1]:8080'])(
    'can call the service from a loopback host: %s',
    async (origin) => {
      const reply = await service.post('/v1/auth/magiclink/verify', {}, { headers: { origin } })
      expect(reply.headers.get('access-control-allow-origin')).toBe(origin)
    },
  )

  it('can call the service if it is in allowedOrigins', async () => {
    const origin = 'https://app.example.com'
    await using allowed = await startEmulator({ allowedOrigins: [origin] })
    const { headers } = await fetch(`${allowed.url}/v2/keys/${allowed.projectId}`, {
      headers: { origin },
    })
    expect(headers.get('access-control-allow-origin')).toBe(origin)
    await expect(startEmulator({ allowedOrigins: ['app.example.com/'] })).rejects.toThrow(
      'allowedOrigins.0 must be an origin such as https://app.example.com.',
    )
  })

  it.each([
    ['by Origin', { origin: 'http://evil.test' }],
    ['by Fetch Metadata', { 'sec-fetch-site': 'cross-site' }],
    ['on another port', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:1' }],
  ])('cannot use the control plane: rejected %s', async (_how, headers) => {
    const read = await service.get('/_emulator/messages', { headers })
    expect(read.status).toBe(403)
    expect(read.headers.get('access-control-allow-origin')).toBeNull()
    expect((await service.post('/_emulator/reset', {}, { headers })).status).toBe(403)
  })
})

describe('startEmulator', () => {
  afterEach(() => {
    process.env['NODE_ENV'] = 'test'
  })

  it('rejects in production', async () => {
    process.env['NODE_ENV'] = 'production'
    await expect(startEmulator()).rejects.toThrow('NODE_ENV=production')
  })

  it.each([
    [
      'an invalid project id',
      { projectId: 'nope' },
      'projectId must be "P" and 27 to 40 letters and digits.',
    ],
    [
      'a port out of range',
      { port: 70_000 },
      'port must be a whole number from 0 to 65535; 0 selects a free port.',
    ],
    [
      'a lifetime of 0',
      { linkLifetimeSeconds: 0 },
      'linkLifetimeSeconds must be a number of seconds above 0, and at most 2147483647.',
    ],
    [
      'a relative redirect',
      { magicLinkRedirectUrl: '/v' },
      'magicLinkRedirectUrl must be an absolute URL.',
    ],
    ['an unknown option', { prot: 1 }, 'Unrecognized key: "prot".'],
  ])('rejects %s', async (_what, wrong, message) => {
    // A caller without types can pass these.
    const options = wrong as EmulatorOptions
    await expect(startEmulator(options)).rejects.toThrow(new TypeError(`startEmulator: ${message}`))
  })

  it('can be closed twice, explicitly and by its scope', async () => {
    await using emulator = await startEmulator()
    await emulator.close()
    await expect(fetch(emulator.url)).rejects.toThrow('fetch failed')
  })

  it('supports a dozen waits at once without a leak warning, and close ends them all', async () => {
    const warnings: Error[] = []
    const note = (warning: Error) => warnings.push(warning)
    process.on('warning', note)
    const emulator = await startEmulator()
    const waits = Array.from({ length: 12 }, () => emulator.inbox.waitFor({ timeoutMs: 60_000 }))
    const ended = Promise.allSettled(waits)
    await emulator.close()
    process.off('warning', note)
    expect((await ended).map(({ status }) => status)).toEqual(waits.map(() => 'rejected'))
    expect(warnings).toEqual([])
  })

  it('creates new keys and a new management key', async () => {
    await using other = await startEmulator()
    expect(other.managementKey).not.toBe(service.emulator.managementKey)
    const kids = await Promise.all(
      [other, service.emulator].map(async ({ url, projectId }) => {
        const text = await (await fetch(`${url}/v2/keys/${projectId}`)).text()
        return /"kid":"(\w+)"/.exec(text)?.[1]
      }),
    )
    expect(new Set(kids).size).toBe(2)
  })
})

describe('the service', () => {
  it.each([
    ['no bearer', {}],
    ['another scheme', { authorization: 'Basic abc' }],
    ['no project id', { authorization: 'Bearer abc' }],
    ['too many parts', { authorization: 'Bearer P2LocalLinkpassEmulator00000:a:b:c' }],
  ])('rejects a request with %s', async (_what, headers) => {
    const reply = await service.post(
      '/v1/auth/magiclink/verify',
      { token: 'x' },
      {
        headers: { authorization: '', ...headers },
      },
    )
    expect(reply.status).toBe(401)
    expect(reply.body.errorCode).toBe('E061004')
  })

  it.each([
    ['of a declared length', (text: string) => text],
    ['in chunks', (text: string) => new Blob([text]).stream()],
  ])('rejects a body of more than a megabyte %s, and reads a smaller one', async (_how, asBody) => {
    const post = (token: string): Promise<Response> =>
      fetch(`${service.emulator.url}/v1/auth/magiclink/verify`, {
        method: 'POST',
        headers: { authorization: `Bearer ${service.emulator.projectId}` },
        body: asBody(JSON.stringify({ token })),
        duplex: 'half',
      })
    const large = await post('x'.repeat(1_000_001)).catch((error: unknown) => error)
    // The server may close the connection before the whole body is sent; then there is no response.
    if (large instanceof Response) expect(await large.text()).toContain('E011001')
    else expect(large).toBeInstanceOf(TypeError)
    expect(await (await post('small')).text()).toContain('E063010')
  })

  it('accepts a DELETE without a body', async () => {
    const { url, projectId, managementKey } = service.emulator
    const response = await fetch(`${url}/v1/mgmt/user/test/delete/all`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${projectId}:${managementKey}` },
    })
    expect(await response.text()).toBe('{}')
  })

  it('requires the management key for management calls', async () => {
    expect((await service.get('/v1/mgmt/license')).status).toBe(401)
    expect((await service.get('/v1/mgmt/license', { token: 'K2wrong' })).status).toBe(401)
    const reply = await service.get('/v1/mgmt/license', { token: service.emulator.managementKey })
    expect(reply.text).toBe('{"rateLimitTier":"tier1"}')
  })

  it('adds requests to unknown paths to the request log too', async () => {
    await service.post('/v1/auth/no/such/thing')
    expect(service.emulator.requests()[0]).toMatchObject({
      path: '/v1/auth/no/such/thing',
      status: 404,
      hint: expect.stringContaining('SUPPORTED.md'),
    })
  })

  it.each([
    ['POST', '/v1/auth/otp/verify/email', 'one-time codes (OTP)'],
    ['POST', '/v1/auth/password/signin', 'passwords'],
    ['POST', '/v1/auth/oauth/authorize', 'OAuth'],
    ['POST', '/v1/auth/saml/authorize', 'SAML'],
    ['POST', '/v1/auth/totp/verify', 'authenticator apps (TOTP)'],
    ['POST', '/v1/auth/webauthn/signin/start', 'passkeys (WebAuthn)'],
    ['POST', '/v1/flow/start', 'flows'],
    ['GET', '/v1/mgmt/fga/schema', 'authorization by relations (FGA, ReBAC)'],
    ['POST', '/v1/mgmt/impersonate', 'impersonation'],
  ])('names what it does not emulate with a 501: %s %s', async (method, path, feature) => {
    const response = await fetch(service.emulator.url + path, { method })
    expect(response.status).toBe(501)
    expect(await response.json()).toMatchObject({
      errorCode: 'E000501',
      errorMessage: `The emulator does not emulate ${feature}.`,
    })
  })

  it.each([
    '/v1/auth/otpx',
    '/v1/auth/magiclink/nonsense/email',
    '/v1/mgmt/user/nonsense',
    '/v1/mgmt/lists',
    '/v3/auth/otp/verify',
    '/nonsense',
  ])('responds with 404 to a path that the service does not have: %s', async (path) => {
    expect((await service.post(path)).status).toBe(404)
  })

  it('rejects a key set request with an invalid project id', async () => {
    expect((await service.get('/v2/keys/nope')).body.errorCode).toBe('E011003')
  })

  it('returns the keys as an array to legacy clients', async () => {
    const { projectId } = service.emulator
    const keys = (await service.get(`/v2/keys/${projectId}`)).body.keys
    expect(JSON.parse((await service.get(`/v1/keys/${projectId}`)).text)).toEqual(keys)
  })
})
