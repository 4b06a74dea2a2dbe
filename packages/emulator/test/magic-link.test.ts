import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Service, startService } from './service.ts'

let service: Service

beforeAll(async () => {
  service = await startService({ approvedDomains: ['localhost', '*.example.com'] })
})
beforeEach(() => service.emulator.reset())
afterAll(() => service.emulator.close())

const path = (mode: string, method = 'email'): string => `/v1/auth/magiclink/${mode}/${method}`

async function lastToken(): Promise<string> {
  return (await service.emulator.inbox.waitFor()).links[0]?.token ?? ''
}

describe('a sign-in request', () => {
  it('is rejected for an unknown user with signin, and sends no message', async () => {
    const reply = await service.post(path('signin'), { loginId: 'ada@example.test' })
    expect(reply.status).toBe(400)
    expect(reply.body.errorCode).toBe('E062108')
    expect(service.emulator.inbox.list()).toEqual([])
  })

  it('is rejected for a known user with signup', async () => {
    await service.signIn('ada@example.test')
    const reply = await service.post(path('signup'), { loginId: 'ADA@example.test' })
    expect(reply.status).toBe(400)
    expect(reply.body.errorCode).toBe('E062107')
  })

  it('signs in a known user and signs up an unknown one with signup-in', async () => {
    expect((await service.signIn('ada@example.test')).firstSeen).toBe(true)
    expect((await service.signIn('ada@example.test')).firstSeen).toBe(false)
  })

  it('creates a user only when a link is redeemed, so a sign-up can be repeated', async () => {
    const user = { loginId: 'ada@example.test', user: { name: 'Ada', phone: '+14155550123' } }
    expect((await service.post(path('signup'), user)).status).toBe(200)
    expect((await service.post(path('signup'), user)).status).toBe(200)
    const first = await lastToken()
    const second = await lastToken()
    const made = await service.post('/v1/auth/magiclink/verify', { token: second })
    expect(made.body.user).toMatchObject({ name: 'Ada', phone: '+14155550123' })
    expect(made.body.user).toMatchObject({ verifiedEmail: true, verifiedPhone: false })
    // The older link still works, for the user that the other link created.
    const again = await service.post('/v1/auth/magiclink/verify', { token: first })
    expect(again.body.user.userId).toBe(made.body.user.userId)
    expect(again.body.firstSeen).toBe(false)
  })

  it.each([
    ['no login id', {}, 'The loginId field is required'],
    ['an empty login id', { loginId: '' }, 'The loginId field is required'],
    ['null as the login id', { loginId: null }, 'The loginId field is required'],
    ['a number as the login id', { loginId: 7 }, 'The loginId field is invalid: '],
    ['an array as the body', [], 'The body field is invalid: '],
    ['a login id that is not an email address', { loginId: 'ada' }, 'The email field is invalid'],
    [
      'template options that are not text',
      bodyWith({ templateOptions: { n: 1 } }),
      'templateOptions',
    ],
    [
      'a field name that a header cannot contain',
      bodyWith({ templateOptions: { ключ: 1 } }),
      'ключ',
    ],
    ['a redirect that is not a URL', bodyWith({}, 'verify'), 'redirectUrl'],
    ['a javascript: redirect', bodyWith({}, 'javascript:alert(1)'), 'redirectUrl'],
  ])('is rejected with %s, naming the field', async (_what, body, expected) => {
    const reply = await service.post(path('signup-in'), body)
    expect(reply.status).toBe(400)
    expect(reply.body.errorCode).toBe('E011003')
    expect(reply.body.errorMessage).toContain(expected)
    expect(reply.body).toHaveProperty('message', reply.body.errorMessage)
  })

  it('is rejected with an unknown delivery method', async () => {
    expect((await service.post(path('signup-in', 'voice'), { loginId: '+1415555' })).status).toBe(
      404,
    )
  })
})

function bodyWith(loginOptions: object, redirectUrl?: string): object {
  return { loginId: 'ada@example.test', loginOptions, ...(redirectUrl && { redirectUrl }) }
}

describe('the message', () => {
  it.each([
    ['sms', '+14155550123', { maskedPhone: '+1***123' }],
    ['whatsapp', '+14155550123', { maskedPhone: '+1***123' }],
    ['email', 'ada@example.test', { maskedEmail: 'ad***@***le.test' }],
  ])('is sent by %s, and the response masks the address', async (method, loginId, masked) => {
    const reply = await service.post(path('signup-in', method), { loginId })
    expect(reply.body).toEqual(masked)
    const mail = await service.emulator.inbox.waitFor({ to: loginId })
    expect(mail).toMatchObject({ channel: method, kind: 'magic-link', purpose: 'sign-up-or-in' })
    expect(mail.text).toContain(mail.links[0]?.url)
  })

  it('is sent to the phone number in the profile of a known user', async () => {
    const user = { phone: '+14155550123' }
    await service.post(path('signup'), { loginId: 'ada@example.test', user })
    await service.post('/v1/auth/magiclink/verify', { token: await lastToken() })
    await service.post(path('signin', 'sms'), { loginId: 'ada@example.test' })
    expect(await service.emulator.inbox.waitFor()).toMatchObject({ to: '+14155550123' })
  })

  it('shows the template, its variables, the locale, the provider and the custom claims', async () => {
    await service.post(path('signup-in'), {
      loginId: 'ada@example.test',
      providerId: 'smtp-2',
      loginOptions: {
        templateId: 'T1',
        templateOptions: { company: 'Engines' },
        locale: 'fr',
        customClaims: { plan: 'pro' },
      },
    })
    const mail = await service.emulator.inbox.waitFor()
    expect(mail.options).toEqual({
      templateId: 'T1',
      templateOptions: { company: 'Engines' },
      locale: 'fr',
      providerId: 'smtp-2',
      customClaims: { plan: 'pro' },
    })
    expect(mail.text).toContain('company: Engines')
  })
})

describe('the URL of the link', () => {
  async function urlFor(body: object): Promise<string> {
    await service.post(path('signup-in'), { loginId: 'ada@example.test', ...body })
    const [link] = (await service.emulator.inbox.waitFor()).links
    return (link?.url ?? '').replace(link?.token ?? '', 'TOKEN')
  }

  it.each([
    ['URI', { URI: 'http://localhost:1/a' }, 'http://localhost:1/a?t=TOKEN'],
    ['redirectUrl', { redirectUrl: 'http://localhost:1/b' }, 'http://localhost:1/b?t=TOKEN'],
    [
      'redirectUrl before URI',
      { URI: 'http://localhost:1/a', redirectUrl: 'http://localhost:1/b' },
      'http://localhost:1/b?t=TOKEN',
    ],
    [
      'URI when redirectUrl is empty',
      { URI: 'http://localhost:1/a', redirectUrl: '' },
      'http://localhost:1/a?t=TOKEN',
    ],
    ['the default for null', { URI: null }, 'http://localhost:3000/auth/verify?t=TOKEN'],
    ['an approved subdomain', { URI: 'https://a.example.com/' }, 'https://a.example.com/?t=TOKEN'],
  ])('is built from %s', async (_what, body, expected) => {
    expect(await urlFor(body)).toBe(expected)
  })

  it('must have an approved domain, and the hint says how to approve it', async () => {
    const body = { loginId: 'ada@example.test', URI: 'https://evil.test/' }
    const reply = await service.post(path('signup-in'), body)
    expect(reply.status).toBe(401)
    expect(reply.body.errorCode).toBe('E061004')
    expect(reply.headers.get('x-emulator-hint')).toContain('"evil.test"')
    expect(service.emulator.inbox.list()).toEqual([])
  })
})

describe('verify', () => {
  it('returns the documented code for a link that does not exist', async () => {
    const reply = await service.post('/v1/auth/magiclink/verify', { token: 'nonsense' })
    expect(reply.status).toBe(401)
    expect(reply.body).toMatchObject({
      errorCode: 'E063010',
      errorMessage: 'Failed to load magic link token',
    })
  })

  it('rejects the token of another project', async () => {
    const other = 'P2OtherProject00000000000000'
    await service.post(path('signup-in'), { loginId: 'ada@example.test' })
    const body = { token: await lastToken() }
    const reply = await service.post('/v1/auth/magiclink/verify', body, { projectId: other })
    expect(reply.body.errorCode).toBe('E063010')
  })

  it('rejects the token of an enchanted link, and leaves it unused', async () => {
    await service.post('/v1/auth/enchantedlink/signup-in/email', { loginId: 'ada@example.test' })
    const mail = await service.emulator.inbox.waitFor()
    const right = mail.links.find((link) => link.number === mail.linkId)
    const reply = await service.post('/v1/auth/magiclink/verify', { token: right?.token })
    expect(reply.body.errorCode).toBe('E063010')
    const after = service.emulator.inbox.get(mail.id)?.links.map((link) => link.state)
    expect(after).toEqual(['unused', 'unused', 'unused'])
  })

  it('puts custom claims into nsec and keeps them through a refresh', async () => {
    await service.post(path('signup-in'), {
      loginId: 'ada@example.test',
      loginOptions: { customClaims: { plan: 'pro' } },
    })
    const token = await lastToken()
    const { refreshJwt } = (await service.post('/v1/auth/magiclink/verify', { token })).body
    const refreshed = await service.post('/v1/auth/refresh', {}, { token: refreshJwt })
    expect(decodeJwt(refreshed.body.sessionJwt)).toMatchObject({ nsec: { plan: 'pro' } })
  })

  it('returns all times as int32 seconds, as the Go SDK decodes them', async () => {
    const session = await service.signIn('ada@example.test')
    for (const value of [
      session.cookieMaxAge,
      session.cookieExpiration,
      session.sessionExpiration,
      Object(session.user).createdTime as number,
    ]) {
      expect(Number.isInteger(value) && value < 2 ** 31).toBe(true)
    }
  })
})
