import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Service, startService } from './service.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
})
beforeEach(() => service.emulator.reset())
afterAll(() => service.emulator.close())

describe('a magic link', () => {
  it('signs a new user up, works once, and its session ends with logout', async () => {
    const { emulator, get, post } = service
    const sent = await post('/v1/auth/magiclink/signup-in/email', {
      loginId: 'ada@example.test',
      redirectUrl: 'http://localhost:3000/auth/verify/abc?x=1#top',
    })
    expect(sent.body).toEqual({ maskedEmail: 'ad***@***le.test' })

    const mail = await emulator.inbox.waitFor({ to: 'Ada@example.test' })
    const [link] = mail.links
    expect(link?.state).toBe('unused')
    expect(link?.url).toBe(`http://localhost:3000/auth/verify/abc?x=1&t=${link?.token}#top`)

    const verified = await post('/v1/auth/magiclink/verify', { token: link?.token })
    expect(verified.status).toBe(200)
    const session = verified.body
    expect(session.firstSeen).toBe(true)
    expect(session.user).toMatchObject({ email: 'ada@example.test', verifiedEmail: true })
    expect(emulator.inbox.get(mail.id)?.links[0]?.state).toBe('used')

    const keys = createLocalJWKSet({
      keys: (await get(`/v2/keys/${emulator.projectId}`)).body.keys,
    })
    const { payload } = await jwtVerify(session.sessionJwt, keys)
    expect(payload).toMatchObject({ iss: emulator.projectId, drn: 'DS', amr: ['email'] })

    const again = await post('/v1/auth/magiclink/verify', { token: link?.token })
    expect(again.status).toBe(401)
    expect(again.body.errorCode).toBe('E062504')

    const token = session.refreshJwt
    const me = await get('/v1/auth/me', { token })
    expect(me.body).toMatchObject({ loginIds: ['ada@example.test'], status: 'enabled' })
    const refreshed = await post('/v1/auth/refresh', {}, { token })
    expect(decodeJwt(refreshed.body.sessionJwt).sub).toBe(payload.sub)

    const out = await post('/v1/auth/logout', {}, { token })
    expect(out.body.sessionJwt).toBe('')
    const rejected = await post('/v1/auth/refresh', {}, { token })
    expect(rejected.status).toBe(401)
    expect(rejected.body.errorCode).toBe('E064001')
  })

  it('expires on the clock of the world', async () => {
    const { emulator, post } = service
    await post('/v1/auth/magiclink/signup-in/email', { loginId: 'ada@example.test' })
    const { links } = await emulator.inbox.waitFor()
    emulator.clock.advance(600_000)
    const rejected = await post('/v1/auth/magiclink/verify', { token: links[0]?.token })
    expect(rejected.body.errorCode).toBe('E062504')
    expect(rejected.headers.get('x-emulator-hint')).toContain('expired')
  })

  it('is redeemed by only one of twenty parallel requests', async () => {
    const { emulator, post } = service
    await post('/v1/auth/magiclink/signup-in/sms', { loginId: '+14155550123' })
    const { links, channel } = await emulator.inbox.waitFor()
    expect(channel).toBe('sms')
    const requests = Array.from({ length: 20 }, () =>
      post('/v1/auth/magiclink/verify', { token: links[0]?.token }),
    )
    const statuses = (await Promise.all(requests)).map((reply) => reply.status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 401)).toHaveLength(19)
  })
})
