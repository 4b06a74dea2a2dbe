import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Reply, type Service, startService } from './service.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
})
beforeEach(() => service.emulator.reset())
afterAll(() => service.emulator.close())

const manage = (path: string, body: object = {}): Promise<Reply> =>
  service.post(`/v1/mgmt/${path}`, body, { token: service.emulator.managementKey })
const verify = (token: string | null): Promise<Reply> =>
  service.post('/v1/auth/magiclink/verify', { token })

describe('a test user', () => {
  const ada = { loginId: 'ada@example.test', email: 'ada@example.test', phone: '+14155550123' }

  beforeEach(async () => {
    const tenants = [{ tenantId: 'T1', roleNames: ['owner'] }]
    await manage('user/create/test', { ...ada, roleNames: ['editor'], userTenants: tenants })
  })

  it('has the roles and tenants it was created with', async () => {
    const { link } = (await manage('tests/generate/magiclink', ada)).body
    const { sessionJwt, user } = (await verify(new URL(link).searchParams.get('t'))).body
    expect(user).toMatchObject({ test: true, verifiedEmail: true, verifiedPhone: false })
    expect(decodeJwt(sessionJwt)).toMatchObject({
      roles: ['editor'],
      tenants: { T1: { roles: ['owner'], permissions: [] } },
    })
  })

  it.each([
    ['email', ['email'], { verifiedEmail: true, verifiedPhone: false }],
    ['sms', ['sms'], { verifiedEmail: false, verifiedPhone: true }],
    ['Embedded', ['embeddedlink'], { verifiedEmail: false, verifiedPhone: false }],
  ])('gets a link by %s without a message', async (deliveryMethod, amr, verified) => {
    const body = { loginId: 'ada@example.test', deliveryMethod, redirectUrl: 'https://a.test/v' }
    const { link, loginId } = (await manage('tests/generate/magiclink', body)).body
    expect(loginId).toBe('ada@example.test')
    expect(link).toMatch(/^https:\/\/a\.test\/v\?t=/)
    const { sessionJwt, user } = (await verify(new URL(link).searchParams.get('t'))).body
    expect(decodeJwt(sessionJwt)['amr']).toEqual(amr)
    expect(user).toMatchObject(verified)
    expect(service.emulator.inbox.list()).toEqual([])
  })

  it('gets the right one of the enchanted links, and the reference', async () => {
    const { link, pendingRef } = (await manage('tests/generate/enchantedlink', ada)).body
    const token = new URL(link).searchParams.get('t')
    expect((await service.post('/v1/auth/enchantedlink/verify', { token })).status).toBe(200)
    const polled = await service.post('/v1/auth/enchantedlink/pending-session', { pendingRef })
    expect(polled.status).toBe(200)
  })

  it('is the only kind of user that links are generated for', async () => {
    await service.signIn('eve@example.test')
    const reply = await manage('tests/generate/magiclink', { loginId: 'eve@example.test' })
    expect(reply.body.errorCode).toBe('E112102')
    expect(reply.headers.get('x-emulator-hint')).toContain('test users')
  })

  it('cannot get the login id of another user', async () => {
    const body = { loginId: 'eve@example.test', additionalLoginIds: ['Ada@example.test'] }
    expect((await manage('user/create/test', body)).body.errorCode).toBe('E062107')
    expect((await manage('tests/generate/magiclink', ada)).status).toBe(200)
  })

  it('can be signed out of all sessions', async () => {
    const { refreshJwt: token } = await service.emulator.signIn('ada@example.test')
    expect((await service.get('/v1/auth/me', { token })).status).toBe(200)
    await manage('user/logout', { loginId: 'ada@example.test' })
    expect((await service.get('/v1/auth/me', { token })).body.errorCode).toBe('E064001')
  })

  it('can be deleted once, which ends its sessions', async () => {
    const { refreshJwt: token } = await service.emulator.signIn('ada@example.test')
    expect((await manage('user/delete', { loginId: 'ada@example.test' })).status).toBe(200)
    expect((await service.get('/v1/auth/me', { token })).body.errorCode).toBe('E064001')
    const again = await manage('user/delete', { loginId: 'ada@example.test' })
    expect(again.body.errorCode).toBe('E112102')
  })

  it('is deleted with all other test users, which keeps ordinary users', async () => {
    await manage('user/create/test', { loginId: 'bob@example.test' })
    const ordinary = await service.signIn('eve@example.test')
    const { refreshJwt: token } = await service.emulator.signIn('ada@example.test')
    const reply = await service.post('/v1/mgmt/user/test/delete/all', undefined, {
      method: 'DELETE',
      token: service.emulator.managementKey,
    })
    expect(reply.status).toBe(200)
    for (const loginId of ['ada@example.test', 'bob@example.test']) {
      const generated = await manage('tests/generate/magiclink', { loginId })
      expect(generated.body.errorCode).toBe('E112102')
    }
    expect((await service.get('/v1/auth/me', { token })).body.errorCode).toBe('E064001')
    expect((await service.get('/v1/auth/me', { token: ordinary.refreshJwt })).status).toBe(200)
  })
})

describe('an embedded link', () => {
  it('signs in an existing user with the given claims, before it expires', async () => {
    await service.signIn('ada@example.test')
    const body = { loginId: 'ada@example.test', customClaims: { k: 1 }, timeout: 30 }
    const first = (await manage('user/signin/embeddedlink', body)).body
    expect(first.maskedEmail).toBe('ad***@***le.test')
    const session = await verify(first.token)
    expect(decodeJwt(session.body.sessionJwt)).toMatchObject({ nsec: { k: 1 } })
    const second = (await manage('user/signin/embeddedlink', body)).body
    service.emulator.clock.advance(30_000)
    expect((await verify(second.token)).body.errorCode).toBe('E062504')
  })

  it('signs up a new user, with the addresses verified that the caller names', async () => {
    const body = {
      loginId: 'ada@example.test',
      user: { name: 'Ada', phone: '+14155550123' },
      emailVerified: true,
      phoneVerified: false,
    }
    const { token } = (await manage('user/signup/embeddedlink', body)).body
    const { user } = (await verify(token)).body
    expect(user).toMatchObject({ name: 'Ada', verifiedEmail: true, verifiedPhone: false })
    expect((await manage('user/signup/embeddedlink', body)).body.errorCode).toBe('E062107')
  })

  it('is rejected for an unknown user', async () => {
    const reply = await manage('user/signin/embeddedlink', { loginId: 'ada@example.test' })
    expect(reply.body.errorCode).toBe('E112102')
  })
})
