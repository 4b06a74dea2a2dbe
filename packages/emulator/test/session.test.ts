import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from '../src/index.ts'
import { type Body, type Reply, type Service, serviceOf, startService } from './service.ts'

let service: Service
let rotating: Service

beforeAll(async () => {
  service = await startService()
  rotating = await startService({ rotateRefreshTokens: true, rotationGraceSeconds: 60 })
})
beforeEach(() => {
  service.emulator.reset()
  rotating.emulator.reset()
})
afterAll(async () => {
  await service.emulator.close()
  await rotating.emulator.close()
})

const refresh = (on: Service, token: string): Promise<Reply> =>
  on.post('/v1/auth/refresh', {}, { token })

describe('the claims', () => {
  it('of the session token are also in every session response', async () => {
    const session = await service.signIn('ada@example.com')
    const token = session.refreshJwt
    const refreshed = (await service.post('/v1/auth/refresh', {}, { token })).body
    const tried = (await service.post('/v1/auth/try-refresh', {}, { token })).body
    for (const { claims, sessionJwt } of [session, refreshed, tried]) {
      expect(claims).toEqual(decodeJwt(sessionJwt))
    }
  })

  it('are those that every SDK reads, with rexp as text', async () => {
    const session = await service.signIn('ada@example.test')
    const claims = decodeJwt(session.sessionJwt)
    expect(claims).toMatchObject({ iss: service.emulator.projectId, drn: 'DS', amr: ['email'] })
    expect(claims.sub).toBe(session.user.userId)
    expect(claims['rexp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(Number(claims.exp) - Number(claims.iat)).toBe(600)
    const refreshClaims = decodeJwt(session.refreshJwt)
    expect(refreshClaims).toMatchObject({ drn: 'DSR', sub: claims.sub })
    // The session began a moment before its tokens were signed.
    const lifetime = Number(refreshClaims.exp) - Number(refreshClaims.iat)
    expect(Math.abs(lifetime - 28 * 24 * 3600)).toBeLessThan(60)
    for (const absent of ['aud', 'su', 'nsec', 'dct', 'tenants'])
      expect(claims).not.toHaveProperty(absent)
  })

  it('are of an earlier time with ageSeconds: an expired session, and a live refresh token', async () => {
    const old = await service.emulator.signIn('ada@example.test', { ageSeconds: 660 })
    expect(Number(decodeJwt(old.sessionJwt).exp) * 1000).toBeLessThan(service.emulator.clock.now())
    expect((await service.post('/v1/auth/validate', {}, { token: old.sessionJwt })).status).toBe(
      401,
    )
    expect((await refresh(service, old.refreshJwt)).status).toBe(200)
  })

  it('contain tenants, roles and permissions, and dct for a user in one tenant', async () => {
    const user = await service.emulator.signIn('ada@example.test', {
      roles: ['editor'],
      permissions: ['write'],
      tenants: { T1: { roles: ['owner'], permissions: ['all'] } },
    })
    expect(decodeJwt(user.sessionJwt)).toMatchObject({
      roles: ['editor'],
      permissions: ['write'],
      tenants: { T1: { roles: ['owner'], permissions: ['all'] } },
      dct: 'T1',
    })
  })

  it('of signIn come as a Cookie header, under the names of the app', async () => {
    const { emulator } = service
    const named = await emulator.signIn('ada@example.test', {
      cookieNames: { session: '__Host-DS', refresh: '__Host-DSR' },
    })
    expect(named.cookie).toBe(`__Host-DS=${named.sessionJwt}; __Host-DSR=${named.refreshJwt}`)
    const usual = await emulator.signIn('ada@example.test')
    expect(usual.cookie).toBe(`DS=${usual.sessionJwt}; DSR=${usual.refreshJwt}`)
  })

  it('change to another tenant of the user with tenant/select', async () => {
    const tenants = { T1: {}, T2: {} }
    const { refreshJwt } = await service.emulator.signIn('ada@example.test', { tenants })
    const select = (tenant: string): Promise<Reply> =>
      service.post('/v1/auth/tenant/select', { tenant }, { token: refreshJwt })
    const selected = await select('T2')
    expect(decodeJwt(selected.body.sessionJwt)['dct']).toBe('T2')
    const refreshed = await refresh(service, selected.body.refreshJwt)
    expect(decodeJwt(refreshed.body.sessionJwt)['dct']).toBe('T2')
    expect((await select('T3')).body.errorCode).toBe('E011004')
  })
})

describe('a refresh', () => {
  it('returns a session token and no refresh token without rotation', async () => {
    const { refreshJwt } = await service.signIn('ada@example.test')
    const reply = await refresh(service, refreshJwt)
    expect(reply.body.refreshJwt).toBe('')
    expect(reply.body.user.email).toBe('ada@example.test')
    expect((await refresh(service, refreshJwt)).status).toBe(200)
  })

  it('ends with the refresh token, on the clock of the world', async () => {
    const { refreshJwt } = await service.signIn('ada@example.test')
    service.emulator.clock.advance(28 * 24 * 3600 * 1000 - 60_000)
    const last = await refresh(service, refreshJwt)
    const claims = decodeJwt(last.body.sessionJwt)
    // A session token does not outlive the session.
    expect(Number(claims.exp) - Number(claims.iat)).toBeLessThanOrEqual(60)
    service.emulator.clock.advance(60_000)
    expect((await refresh(service, refreshJwt)).body.errorCode).toBe('E061005')
  })

  it('rotates, and returns the new refresh token again within the grace period', async () => {
    const { refreshJwt: old } = await rotating.signIn('ada@example.test')
    const first = (await refresh(rotating, old)).body.refreshJwt
    expect(first).not.toBe(old)
    rotating.emulator.clock.advance(30_000)
    const again = (await refresh(rotating, old)).body.refreshJwt
    expect(decodeJwt(again).jti).toBe(decodeJwt(first).jti)
    expect((await refresh(rotating, first)).status).toBe(200)
  })

  it('accepts each token of several quick rotations within its own grace period', async () => {
    const { refreshJwt: first } = await rotating.signIn('ada@example.test')
    const second = (await refresh(rotating, first)).body.refreshJwt
    const third = (await refresh(rotating, second)).body.refreshJwt
    for (const token of [first, second, third]) {
      expect((await refresh(rotating, token)).status).toBe(200)
    }
  })

  it('revokes the whole family if a rotated token is used after its grace period', async () => {
    const { refreshJwt: old } = await rotating.signIn('ada@example.test')
    const successor = (await refresh(rotating, old)).body.refreshJwt
    const other = await rotating.signIn('ada@example.test')
    rotating.emulator.clock.advance(60_000)
    const reused = await refresh(rotating, old)
    expect(reused.status).toBe(401)
    expect(reused.body.errorCode).toBe('E064001')
    expect((await refresh(rotating, successor)).body.errorCode).toBe('E064001')
    // Another sign-in of the same user is another family.
    expect((await refresh(rotating, other.refreshJwt)).status).toBe(200)
  })

  it('succeeds for all parallel refreshes of one token', async () => {
    const { refreshJwt } = await rotating.signIn('ada@example.test')
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => refresh(rotating, refreshJwt)),
    )
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    const successors = replies.map(({ body }) => decodeJwt(body.refreshJwt).jti)
    expect(new Set(successors).size).toBe(1)
  })

  it.each([
    ['no token', undefined, 'E061004'],
    ['a forged token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJVMSJ9.', 'E061005'],
  ])('rejects %s with its code', async (_what, token, code) => {
    const reply = await service.post('/v1/auth/refresh', {}, { token })
    expect(reply.status).toBe(401)
    expect(reply.body.errorCode).toBe(code)
  })

  it('rejects a session token, and a token of another world', async () => {
    const { sessionJwt, refreshJwt } = await service.signIn('ada@example.test')
    expect((await refresh(service, sessionJwt)).body.errorCode).toBe('E061005')
    expect((await refresh(rotating, refreshJwt)).body.errorCode).toBe('E061005')
  })

  it('as try-refresh returns an empty 200 for an error, and otherwise no user', async () => {
    expect((await service.post('/v1/auth/try-refresh')).body).toEqual({})
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    const reply = await service.post('/v1/auth/try-refresh', {}, { token })
    expect(reply.body.sessionJwt).not.toBe('')
    expect(reply.body).not.toHaveProperty('user')
  })
})

describe('a logout', () => {
  it('ends one session, and logoutall every session of the user', async () => {
    const [one, two, three] = [
      await service.signIn('ada@example.test'),
      await service.signIn('ada@example.test'),
      await service.signIn('eve@example.test'),
    ]
    await service.post('/v1/auth/logout', {}, { token: one.refreshJwt })
    expect((await refresh(service, one.refreshJwt)).body.errorCode).toBe('E064001')
    expect((await refresh(service, two.refreshJwt)).status).toBe(200)
    await service.post('/v1/auth/logoutall', {}, { token: two.refreshJwt })
    expect((await refresh(service, two.refreshJwt)).body.errorCode).toBe('E064001')
    expect((await refresh(service, three.refreshJwt)).status).toBe(200)
  })

  it('of all other sessions is part of a sign-in with revokeOtherSessions', async () => {
    const old = await service.signIn('ada@example.test')
    await service.post('/v1/auth/magiclink/signin/email', {
      loginId: 'ada@example.test',
      loginOptions: { revokeOtherSessions: true },
    })
    const token = service.emulator.inbox.list()[0]?.links[0]?.token
    const fresh = await service.post('/v1/auth/magiclink/verify', { token })
    expect((await refresh(service, old.refreshJwt)).body.errorCode).toBe('E064001')
    expect((await refresh(service, fresh.body.refreshJwt)).status).toBe(200)
  })
})

describe('a step-up or a second factor', () => {
  async function elevate(options: object, token: string | undefined): Promise<Reply> {
    const body = { loginId: 'ada@example.test', loginOptions: options }
    const sent = await service.post('/v1/auth/magiclink/signin/email', body, { token })
    if (sent.status !== 200) return sent
    const link = service.emulator.inbox.list()[0]?.links[0]
    return service.post('/v1/auth/magiclink/verify', { token: link?.token })
  }

  it('needs the refresh token of the same user', async () => {
    await service.signIn('ada@example.test')
    const eve = await service.signIn('eve@example.test')
    expect((await elevate({ stepup: true }, undefined)).body.errorCode).toBe('E061004')
    expect((await elevate({ mfa: true }, eve.refreshJwt)).body.errorCode).toBe('E061004')
  })

  it('sets su for the step-up lifetime, which a refresh does not extend', async () => {
    const { refreshJwt } = await service.signIn('ada@example.test')
    const stepped = (await elevate({ stepup: true }, refreshJwt)).body
    expect(decodeJwt(stepped.sessionJwt)['su']).toBe(true)
    service.emulator.clock.advance(300_000)
    const during = decodeJwt((await refresh(service, stepped.refreshJwt)).body.sessionJwt)
    expect(during['su']).toBe(true)
    expect(Number(during.exp) - Number(during.iat)).toBeLessThanOrEqual(300)
    service.emulator.clock.advance(300_000)
    const after = decodeJwt((await refresh(service, stepped.refreshJwt)).body.sessionJwt)
    expect(after).not.toHaveProperty('su')
  })

  it('adds the new factor to the existing ones', async () => {
    const user = await service.emulator.signIn('ada@example.test', { amr: ['sms'] })
    const { sessionJwt } = (await elevate({ mfa: true }, user.refreshJwt)).body
    expect(decodeJwt(sessionJwt)['amr']).toEqual(['sms', 'email', 'mfa'])
  })
})

describe('the account', () => {
  it('lists tenants for the request of each SDK', async () => {
    const key = { token: service.emulator.managementKey }
    await service.post('/v1/mgmt/tenant/create', { id: 'T1', name: 'Engines' }, key)
    const tenants = { T1: {}, T2: {} }
    const user = await service.emulator.signIn('ada@example.test', { tenants, tenant: 'T1' })
    const list = async (body: object): Promise<string[]> => {
      const reply = await service.post('/v1/auth/me/tenants', body, { token: user.refreshJwt })
      return reply.body.tenants.map(({ id, name }) => `${id} ${name}`)
    }
    expect(await list({ dct: true })).toEqual(['T1 Engines'])
    expect(await list({ ids: ['T2', 'T9'] })).toEqual(['T2 T2'])
    expect(await list({ dct: false, ids: ['T2'] })).toEqual(['T2 T2'])
    expect(await list({ dct: true, ids: null })).toEqual(['T1 Engines'])
  })

  it('returns its history as an array, newest first', async () => {
    const first = await service.signIn('ada@example.test')
    service.emulator.clock.advance(60_000)
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    const entries: unknown = JSON.parse((await service.get('/v1/auth/me/history', { token })).text)
    const times = (entries as { loginTime: number; userId: string }[]).map((e) => e.loginTime)
    expect(times).toHaveLength(2)
    expect(Number(times[0]) - Number(times[1])).toBeGreaterThanOrEqual(60)
    expect(entries).toMatchObject([{ userId: first.user.userId }, {}])
  })

  it('validates a session token, with times as text', async () => {
    const { sessionJwt, refreshJwt } = await service.signIn('ada@example.test')
    const reply = await service.post('/v1/auth/validate', {}, { token: sessionJwt })
    expect(reply.body).toMatchObject({ drn: 'DS' })
    expect(Object(reply.body).exp).toMatch(/Z$/)
    const rejected = await service.post('/v1/auth/validate', {}, { token: refreshJwt })
    expect(rejected.body).toMatchObject({
      errorCode: 'E061005',
      errorMessage: 'Failed to validate invalid JWT for any token - onetime',
    })
  })
})

describe('tokens in cookies', () => {
  it('are sent in Set-Cookie only, and accepted in the refresh cookie', async () => {
    await using emulator = await startEmulator({ tokensInCookies: true })
    const inCookies = serviceOf(emulator)
    await inCookies.post('/v1/auth/magiclink/signup-in/email', { loginId: 'ada@example.test' })
    const { links } = await emulator.inbox.waitFor()
    const reply = await inCookies.post('/v1/auth/magiclink/verify', { token: links[0]?.token })
    expect(reply.body).toMatchObject({ sessionJwt: '', refreshJwt: '', cookieName: 'DSR' })
    const [session = '', refreshCookie = ''] = reply.headers.getSetCookie()
    expect(session).toMatch(/^DS=ey[^;]+; Path=\/; Max-Age=600; HttpOnly/)
    const value = refreshCookie.slice('DSR='.length, refreshCookie.indexOf(';'))

    const asDefault = await inCookies.post(
      '/v1/auth/refresh',
      {},
      { headers: { cookie: `DSR=${value}` } },
    )
    expect(asDefault.headers.getSetCookie()[0]).toMatch(/^DS=ey/)
    const headers = { cookie: `mine=${value}`, 'x-descope-refresh-cookie-name': 'mine' }
    expect((await inCookies.post('/v1/auth/refresh', {}, { headers })).status).toBe(200)

    const out = await inCookies.post('/v1/auth/logout', {}, { headers: { cookie: `DSR=${value}` } })
    expect(out.headers.getSetCookie()).toEqual([
      'DS=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
      'DSR=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    ])
  })
})

describe('an access key', () => {
  async function createKey(more: object = {}): Promise<Body> {
    const body = { name: 'ci', expireTime: 0, roleNames: ['bot'], customClaims: { a: 1 }, ...more }
    const key = { token: service.emulator.managementKey }
    return (await service.post('/v1/mgmt/accesskey/create', body, key)).body
  }
  const exchange = (token: string | undefined, body: object = {}): Promise<Reply> =>
    service.post('/v1/auth/accesskey/exchange', body, { token })

  it('is exchanged for a session token with the key as its subject', async () => {
    const created = await createKey({ keyTenants: [{ tenantId: 'T1', roleNames: ['x'] }] })
    const loginOptions = { customClaims: { k: 1 }, selectedTenant: 'T1' }
    const { body } = await exchange(created.cleartext, { loginOptions })
    expect(body.keyId).toBe(created.key.id)
    expect(body).not.toHaveProperty('refreshJwt')
    expect(decodeJwt(body.sessionJwt)).toMatchObject({
      sub: created.key.id,
      drn: 'DS',
      roles: ['bot'],
      a: 1,
      nsec: { k: 1 },
      dct: 'T1',
    })
  })

  it('is rejected if it is missing, unknown or expired', async () => {
    expect((await exchange(undefined)).body.errorCode).toBe('E062802')
    expect((await exchange('K3nonsense')).body.errorCode).toBe('E062803')
    const expireTime = Math.floor(Date.now() / 1000) + 60
    const { cleartext } = await createKey({ expireTime })
    expect((await exchange(cleartext)).status).toBe(200)
    service.emulator.clock.advance(61_000)
    expect((await exchange(cleartext)).body.errorCode).toBe('E062803')
  })
})
