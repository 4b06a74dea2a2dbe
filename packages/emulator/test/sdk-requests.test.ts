import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from '../src/index.ts'
import { type Service, serviceOf, startService } from './service.ts'

/**
 * Each test sends requests as one official SDK does, where it differs from the others, and checks
 * what that SDK reads from the response.
 */
let service: Service

beforeAll(async () => {
  service = await startService()
})
beforeEach(() => service.emulator.reset())
afterAll(() => service.emulator.close())

interface Raw {
  body?: string
  headers?: Record<string, string>
  method?: string
}

async function raw(path: string, { body, headers, method = 'POST' }: Raw): Promise<Response> {
  return fetch(service.emulator.url + path, {
    method,
    headers: { ...headers },
    ...(body !== undefined && { body }),
  })
}

function bearer(...parts: string[]): Record<string, string> {
  return { authorization: `Bearer ${[service.emulator.projectId, ...parts].join(':')}` }
}

const json = { 'content-type': 'application/json' }

describe('as the Go SDK', () => {
  const go = { 'x-descope-sdk-name': 'golang', ...json }

  it('refreshes and logs out with an empty body of JSON type', async () => {
    const { refreshJwt } = await service.signIn('ada@example.test')
    const headers = { ...go, ...bearer(refreshJwt) }
    const refreshed = await raw('/v1/auth/refresh', { headers, body: '' })
    expect(refreshed.status).toBe(200)
    expect((await raw('/v1/auth/logout', { headers, body: '' })).status).toBe(200)
  })

  it('sends crossDevice with an enchanted link, and its channel field with a sign-up', async () => {
    const body = JSON.stringify({
      loginId: 'ada@example.test',
      URI: 'http://localhost:3000/',
      crossDevice: true,
      user: { name: 'Ada' },
      email: 'ada@example.test',
      loginOptions: {},
    })
    const headers = { ...go, ...bearer() }
    const reply = await raw('/v1/auth/enchantedlink/signup/email', { headers, body })
    expect(Object.keys(Object(await reply.json())).toSorted()).toEqual([
      'linkId',
      'maskedEmail',
      'pendingRef',
    ])
  })

  it('sends paths that start with two slashes if the base URL ends in one', async () => {
    const headers = { ...go, ...bearer() }
    const body = JSON.stringify({ loginId: 'ada@example.test' })
    expect((await raw('//v1/auth/magiclink/signup-in/email', { headers, body })).status).toBe(200)
  })

  it('decodes every property of the key set as a list of keys, so keys is the only one', async () => {
    const reply = await service.get(`/v2/keys/${service.emulator.projectId}`)
    expect(Object.keys(reply.body)).toEqual(['keys'])
    expect(reply.body.keys).toHaveLength(1)
    expect(reply.body.keys[0]).toMatchObject({ alg: 'RS256', kty: 'RSA', use: 'sig', e: 'AQAB' })
    expect(Object.keys(reply.body.keys[0] ?? {}).toSorted()).toEqual([
      'alg',
      'e',
      'kid',
      'kty',
      'n',
      'use',
    ])
  })

  it('requests its tenants with both selectors', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    const reply = await service.post('/v1/auth/me/tenants', { dct: true, ids: null }, { token })
    expect(reply.text).toBe('{"tenants":[]}')
  })

  it('reads an error code from every error response', async () => {
    const reply = await service.post('/v1/auth/no/such/thing')
    expect(reply.status).toBe(404)
    expect(reply.body.errorCode).toMatch(/^E\d{6}$/)
  })
})

describe('as the Python SDK', () => {
  it('sends null for a redirect it was not given, and every login option', async () => {
    const reply = await service.post('/v1/auth/magiclink/signin/email', {
      loginId: 'nobody@example.test',
      URI: null,
      loginOptions: { stepup: false, mfa: false, customClaims: null },
    })
    expect(reply.body.errorCode).toBe('E062108')
  })

  it('updates a phone number at the path without a method', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    const body = {
      loginId: 'ada@example.test',
      phone: '+14155550123',
      addToLoginIDs: false,
      onMergeUseExisting: false,
    }
    const reply = await service.post('/v1/auth/magiclink/update/phone', body, { token })
    // It raises a KeyError if this key is missing.
    expect(reply.body.maskedPhone).not.toBe('')
    expect(service.emulator.inbox.list()[0]?.channel).toBe('sms')
  })

  it('sends a JSON type with its GETs', async () => {
    const { refreshJwt } = await service.signIn('ada@example.test')
    const headers = { ...json, ...bearer(refreshJwt) }
    const reply = await raw('/v1/auth/me/history', { method: 'GET', headers })
    expect(Array.isArray(await reply.json())).toBe(true)
  })

  it('reads Retry-After of a 429 as a whole number', async () => {
    service.emulator.faults.add({ status: 429, retryAfterSeconds: 7 })
    const reply = await service.post('/v1/auth/magiclink/signup-in/email', { loginId: 'a@b.test' })
    expect(reply.headers.get('retry-after')).toBe('7')
    expect(reply.body.errorCode).toBe('E130429')
  })
})

describe('as the Java SDK', () => {
  it('has a project id of the length that it requires', () => {
    expect(service.emulator.projectId).toHaveLength(28)
  })

  it('sends URI, and the management key after the refresh token', async () => {
    const { refreshJwt } = await service.signIn('ada@example.test')
    const token = `${refreshJwt}:${service.emulator.managementKey}`
    expect((await service.get('/v1/auth/me', { token })).status).toBe(200)
    const keyOnly = { token: service.emulator.managementKey }
    const body = { loginId: 'ada@example.test', URI: 'http://localhost:3000/java' }
    const reply = await service.post('/v1/auth/magiclink/signin/email', body, keyOnly)
    expect(reply.status).toBe(200)
    expect(service.emulator.inbox.list()[0]?.links[0]?.url).toContain('/java?t=')
  })

  it('requests an error for a conflict instead of a merge', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    await service.signIn('eve@example.test')
    const body = { loginId: 'ada@example.test', email: 'eve@example.test', failOnConflict: true }
    const reply = await service.post('/v1/auth/magiclink/update/email', body, { token })
    expect(reply.body.errorCode).toBe('E062125')
  })

  it('is rejected with a wrong management key', async () => {
    const { refreshJwt } = await service.signIn('ada@example.test')
    const reply = await service.get('/v1/auth/me', { token: `${refreshJwt}:K2wrong` })
    expect(reply.status).toBe(401)
    expect(reply.headers.get('x-emulator-hint')).toContain('management key')
  })
})

describe('as the .NET SDK', () => {
  it('sends redirectUrl', async () => {
    const body = { loginId: 'ada@example.test', redirectUrl: 'http://localhost:3000/net' }
    await service.post('/v1/auth/magiclink/signup-in/email', body)
    expect(service.emulator.inbox.list()[0]?.links[0]?.url).toContain('/net?t=')
  })

  it('exchanges an access key without a trailing management key, as other SDKs do with it', async () => {
    const key = { token: service.emulator.managementKey }
    const created = await service.post('/v1/mgmt/accesskey/create', { name: 'ci' }, key)
    const token = created.body.cleartext
    expect((await service.post('/v1/auth/accesskey/exchange', {}, { token })).status).toBe(200)
    const both = { token: `${token}:${service.emulator.managementKey}` }
    expect((await service.post('/v1/auth/accesskey/exchange', {}, both)).status).toBe(200)
  })

  it('can refresh with a GET', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    const reply = await service.get('/v1/auth/refresh?externalToken=', { token })
    expect(reply.body.sessionJwt).not.toBe('')
  })
})

describe('in cookie mode', () => {
  it('gets everything from which each SDK creates cookies', async () => {
    await using emulator = await startEmulator({ tokensInCookies: true })
    const inCookies = serviceOf(emulator)
    await inCookies.post('/v1/auth/magiclink/signup-in/email', { loginId: 'ada@example.test' })
    const { links } = await emulator.inbox.waitFor()
    const reply = await inCookies.post('/v1/auth/magiclink/verify', { token: links[0]?.token })
    // Go reads each token from the cookie named like its drn; Kotlin reads the names in the body.
    for (const cookie of reply.headers.getSetCookie()) {
      const [name = '', token = ''] = (cookie.split(';')[0] ?? '').split('=')
      expect(decodeJwt(token)['drn']).toBe(name)
      // Python drops a cookie whose Domain is not the host.
      expect(cookie).not.toMatch(/domain/i)
    }
    expect(reply.body).toMatchObject({ cookieName: 'DSR', sessionCookieName: 'DS' })
  })

  it('gets the path and domain of the cookies at a logout, with which Go clears them', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    const reply = await service.post('/v1/auth/logout', '', { token })
    expect(reply.body).toMatchObject({ cookiePath: '/', cookieDomain: '' })
  })
})

describe('as the Kotlin and Swift SDKs', () => {
  it('finds all keys in a user that Kotlin requires', async () => {
    const { user } = await service.signIn('ada@example.test')
    for (const key of [
      'userId',
      'loginIds',
      'createdTime',
      'status',
      'roleNames',
      'ssoAppIds',
      'OAuth',
    ]) {
      expect(user).toHaveProperty(key)
    }
  })

  it('sends the refresh token along with signup-in', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    const body = { loginId: 'ada@example.test', redirectUrl: 'http://localhost:3000/' }
    const reply = await service.post('/v1/auth/magiclink/signup-in/email', body, { token })
    expect(reply.status).toBe(200)
  })

  it('stops polling on any code but the pending one', async () => {
    const body = { pendingRef: 'gone' }
    const reply = await service.post('/v1/auth/enchantedlink/pending-session', body)
    expect(reply.body.errorCode).not.toBe('E062503')
  })
})

describe('as the Ruby SDK', () => {
  it('updates a phone number at the path without a method, with redirectUrl', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    const redirectUrl = 'http://localhost:3000/ruby'
    const body = { loginId: 'ada@example.test', phone: '+14155550123', redirectUrl }
    const reply = await service.post('/v1/auth/magiclink/update/phone', body, { token })
    expect(reply.body).toEqual({ maskedPhone: '+1***123' })
    expect(service.emulator.inbox.list()[0]?.links[0]?.url).toContain('/ruby?t=')
  })

  it('validates a session token at the service', async () => {
    const { sessionJwt } = await service.signIn('ada@example.test')
    const headers = { ...json, ...bearer(sessionJwt) }
    expect((await raw('/v1/auth/validate', { headers })).status).toBe(200)
  })
})

describe('as the JavaScript SDKs', () => {
  it('finds a JSON document in every response, without which they throw', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    const replies = await Promise.all([
      service.post('/v1/auth/logout', {}, { token }),
      service.get('/v1/auth/me'),
      service.post('/v1/auth/magiclink/verify', 'not json'),
      service.post('/v1/auth/magiclink/verify', '[]'),
      service.post('/v1/auth/magiclink/verify', 'null'),
      service.get('/nowhere'),
    ])
    for (const reply of replies) {
      expect(reply.headers.get('content-type')).toContain('application/json')
      expect(reply.text).toMatch(/^\{.*\}$/s)
    }
    expect(replies.map(({ status }) => status)).toEqual([200, 401, 400, 400, 400, 404])
  })

  it('sends the refresh token as the redirect in shifted arguments, and is told so', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.com')
    const body = { loginId: 'ada@example.com', email: 'new@example.com', URI: token }
    const reply = await service.post('/v1/auth/magiclink/update/email', body, { token })
    expect(reply.status).toBe(400)
    expect(reply.headers.get('x-emulator-hint')).toContain('The redirect URL is a token')
  })

  it.each(['nonsense', 'voice'])('gets a 404 for a phone update by %s', async (method) => {
    const { refreshJwt: token } = await service.signIn('ada@example.com')
    const body = { loginId: 'ada@example.com', phone: '+14155550123' }
    const path = `/v1/auth/magiclink/update/phone/${method}`
    expect((await service.post(path, body, { token })).status).toBe(404)
  })

  it('can use the undocumented path for phone updates by instant message', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    const body = { loginId: 'ada@example.test', phone: '+14155550123' }
    const reply = await service.post('/v1/auth/magiclink/update/phone/im', body, { token })
    expect(reply.status).toBe(200)
  })

  it('is allowed by CORS with credentials and its own headers', async () => {
    const preflight = await raw('/v1/auth/refresh', {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:3000',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-descope-sdk-name',
      },
    })
    expect(preflight.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
    expect(preflight.headers.get('access-control-allow-credentials')).toBe('true')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-descope-sdk-name')
    const origin = 'http://127.0.0.1:5173'
    const rejected = await service.post('/v1/auth/refresh', {}, { headers: { origin } })
    expect(rejected.headers.get('access-control-allow-origin')).toBe(origin)
  })

  it.each([
    '[object Object]',
    'undefined',
    'null',
    'http://localhost:3000/verify',
    'new@example.com',
    '+14155550123',
  ])('sends "%s" as the token in shifted arguments, and is told so', async (token) => {
    const headers = {
      ...json,
      authorization: `Bearer ${service.emulator.projectId}:${token}`,
    }
    const reply = await raw('/v1/auth/magiclink/update/email', { headers, body: '{}' })
    expect(reply.status).toBe(401)
    expect(reply.headers.get('x-emulator-hint')).toContain(
      'update.email(loginId, email, URI, token, options)',
    )
  })
})
