import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Reply, type Service, startService } from './service.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
})
beforeEach(() => service.emulator.reset())
afterAll(() => service.emulator.close())

const ada = 'ada@example.com'
const manage = (path: string, body: object = {}, method = 'POST'): Promise<Reply> =>
  service.post(`/${path}`, body, { token: service.emulator.managementKey, method })
const read = (path: string): Promise<Reply> =>
  service.get(`/v1/mgmt/${path}`, { token: service.emulator.managementKey })
const load = async (loginId: string): Promise<unknown> =>
  (await read(`user?loginId=${encodeURIComponent(loginId)}`)).body.user
interface Found {
  users: { email: string }[]
  total: number
}
const create = (loginId: string, more: object = {}): Promise<Reply> =>
  manage('v1/mgmt/user/create', { loginId, ...more })

describe('a user that the management API creates', () => {
  it('has the address of the login ID, and is invited until the first sign-in', async () => {
    const invited = { email: ada, verifiedEmail: false, status: 'invited', loginIds: [ada] }
    expect((await create(ada)).body.user).toMatchObject(invited)
    await service.post('/v1/auth/magiclink/signin/email', { loginId: ada })
    expect(await load(ada)).toMatchObject(invited)
    const { links } = await service.emulator.inbox.waitFor({ to: ada })
    await service.post('/v1/auth/magiclink/verify', { token: links[0]?.token })
    expect(await load(ada)).toMatchObject({ verifiedEmail: true, status: 'enabled' })
  })

  it('is created from a request with the zero values of the Go SDK', async () => {
    const zero = { email: '', phone: '', status: '', roleNames: null, userTenants: null }
    expect((await create(ada, zero)).body.user).toMatchObject({ email: ada, status: 'invited' })
    const jwt = { loginId: ada, customClaims: null, refreshDuration: 0 }
    expect((await manage('v1/mgmt/auth/signin', jwt)).body.cookieMaxAge).toBe(28 * 24 * 60 * 60)
  })

  it('has the number of the login ID', async () => {
    const { user } = (await create('+1 (415) 555-0123')).body
    expect(user).toMatchObject({ phone: '+14155550123', loginIds: ['+14155550123'] })
  })

  it.each([['10023'], ['2026-11-30'], ['ada']])(
    'has no address for the login ID %s, which is none',
    async (loginId) => {
      expect((await create(loginId)).body.user).toMatchObject({ email: '', phone: '' })
      await service.emulator.signIn(`${loginId}-2`)
      expect(await load(`${loginId}-2`)).toMatchObject({ phone: '', verifiedPhone: false })
    },
  )

  it('has every field of the request', async () => {
    const fields = {
      displayName: 'Ada',
      givenName: 'Augusta',
      familyName: 'King',
      picture: 'https://example.com/ada.png',
      recoveryEmail: 'byron@example.com',
      recoveryPhone: '+14155550199',
      status: 'enabled',
      verifiedEmail: true,
      roleNames: ['editor'],
      userTenants: [{ tenantId: 'T1', roleNames: ['owner'] }],
      customAttributes: { plan: 'pro' },
      ssoAppIds: ['app-1'],
      additionalIdentifiers: ['countess'],
    }
    const { displayName, additionalIdentifiers: _, userTenants: __, ...same } = fields
    await create(ada, fields)
    expect(await load('countess')).toMatchObject({
      ...same,
      name: displayName,
      loginIds: [ada, 'countess'],
      userTenants: [{ tenantId: 'T1', roleNames: ['owner'] }],
    })
  })

  it.each([
    [{ invite: true }, ['email']],
    [{ sendMail: true }, ['email']],
    [{ invite: true, sendMail: false, sendSMS: true }, ['sms']],
    [{}, []],
  ])('is invited as the request says: %j', async (options, channels) => {
    await create(ada, { phone: '+14155550123', ...options, inviteUrl: 'https://a.test/welcome' })
    const messages = service.emulator.inbox.list()
    expect(messages.map(({ channel }) => channel)).toEqual(channels)
    for (const { purpose, links } of messages) {
      expect(purpose).toBe('invite')
      expect(links[0]?.url).toContain('https://a.test/welcome?t=')
      const token = links[0]?.token
      expect((await service.post('/v1/auth/magiclink/verify', { token })).status).toBe(200)
    }
  })

  it('can be invited again by login ID or user id, which creates no other user', async () => {
    const { userId } = (await create(ada)).body.user
    for (const id of [userId, ada]) {
      expect((await create(id, { invite: true })).body.user.userId).toBe(userId)
    }
    expect(service.emulator.inbox.list()).toHaveLength(2)
    expect((await create(ada, { sendMail: true })).body.errorCode).toBe('E062107')
  })

  it('is one of a batch, which reports those it cannot create', async () => {
    await create(ada)
    const users = [{ loginId: 'bob@example.com' }, { loginId: ada }, {}]
    const { text } = await manage('v1/mgmt/user/create/batch', { users })
    expect(JSON.parse(text)).toMatchObject({
      createdUsers: [{ email: 'bob@example.com', status: 'invited' }],
      failedUsers: [
        { failure: 'User already exists', user: { loginId: ada } },
        { failure: 'The loginId field is required', user: {} },
      ],
      additionalErrors: {},
    })
  })
})

describe('a phone number', () => {
  it('is stored in E.164, so that every spelling signs the same user in', async () => {
    const loginId = '+1-555-333-1234'
    const signUp = await service.post('/v1/auth/magiclink/signup/sms', { loginId })
    expect(signUp.status).toBe(200)
    const { links } = await service.emulator.inbox.waitFor({ to: '+15553331234' })
    const { user } = (await service.post('/v1/auth/magiclink/verify', { token: links[0]?.token }))
      .body
    expect(user).toMatchObject({ phone: '+15553331234', loginIds: ['+15553331234'] })
    for (const spelling of ['+15553331234', '+1 (555) 333-1234']) {
      const body = { loginId: spelling }
      expect((await service.post('/v1/auth/magiclink/signin/sms', body)).status).toBe(200)
    }
  })
})

describe('a user of the management API', () => {
  beforeEach(async () => {
    await create(ada, { displayName: 'Ada', roleNames: ['editor'], phone: '+14155550123' })
  })

  it('is found by login ID and by user id, under either name', async () => {
    const { userId } = (await read(`user?loginId=${ada}`)).body.user
    for (const query of [`userId=${userId}`, `loginId=${userId}`, `loginId=ADA@example.com`]) {
      expect((await read(`user?${query}`)).body.user.userId).toBe(userId)
    }
    expect((await read('user?loginId=bob@example.com')).body.errorCode).toBe('E112102')
    const { text } = await manage('v1/mgmt/users/load', { userIds: [userId, 'U2none'] })
    expect(JSON.parse(text)).toMatchObject({ users: [{ userId }] })
  })

  it('is set as a whole by an update, and in part by a patch', async () => {
    const patch = { loginId: ada, givenName: 'Augusta' }
    await manage('v1/mgmt/user/patch', patch, 'PATCH')
    expect(await load(ada)).toMatchObject({ givenName: 'Augusta', name: 'Ada', email: ada })
    await manage('v1/mgmt/user/update', { loginId: ada, email: ada, displayName: 'Countess' })
    const updated = { name: 'Countess', email: ada, givenName: '', phone: '', roleNames: [] }
    expect(await load(ada)).toMatchObject(updated)
    const users = [{ loginId: ada, familyName: 'King' }, { loginId: 'bob@example.com' }]
    const { text } = await manage('v1/mgmt/user/patch/batch', { users }, 'PATCH')
    expect(JSON.parse(text)).toMatchObject({
      patchedUsers: [{ familyName: 'King' }],
      failedUsers: [{ failure: 'User not found' }],
    })
  })

  it.each([
    ['v1/mgmt/user/update/name', { displayName: 'A. K.' }, { name: 'A. K.' }],
    ['v1/mgmt/user/update/picture', { picture: 'a.png' }, { picture: 'a.png' }],
    [
      'v1/mgmt/user/update/phone',
      { phone: '+1 415 555 0199', verified: true },
      { phone: '+14155550199', verifiedPhone: true },
    ],
    [
      'v1/mgmt/user/update/recovery/email',
      { recoveryEmail: 'b@example.com', verified: true },
      { recoveryEmail: 'b@example.com', verifiedRecoveryEmail: true },
    ],
    [
      'v1/mgmt/user/update/customAttribute',
      { attributeKey: 'plan', attributeValue: 'pro' },
      { customAttributes: { plan: 'pro' } },
    ],
    ['v1/mgmt/user/update/role/set', { roleNames: ['a', 'b'] }, { roleNames: ['a', 'b'] }],
    ['v2/mgmt/user/update/role/add', { roleNames: ['a'] }, { roleNames: ['editor', 'a'] }],
    ['v1/mgmt/user/update/role/remove', { roleNames: ['editor'] }, { roleNames: [] }],
    ['v1/mgmt/user/update/ssoapp/add', { ssoAppIds: ['x'] }, { ssoAppIds: ['x'] }],
    [
      'v1/mgmt/user/update/tenant/add',
      { tenantId: 'T1' },
      { userTenants: [{ tenantId: 'T1', tenantName: 'T1', roleNames: [], permissions: [] }] },
    ],
  ])('is changed by %s', async (path, change, expected) => {
    const reply = await manage(path, { loginId: ada, ...change })
    expect(reply.body.user).toMatchObject(expected)
    expect(await load(ada)).toMatchObject(expected)
  })

  it('has roles in a tenant, which a user outside of it cannot have', async () => {
    const roles = { loginId: ada, tenantId: 'T1', roleNames: ['owner'] }
    const outside = await manage('v1/mgmt/user/update/role/set', roles)
    expect(outside.body.errorCode).toBe('E011004')
    await manage('v1/mgmt/user/update/tenant/add', { loginId: ada, tenantId: 'T1' })
    await manage('v1/mgmt/user/update/role/set', roles)
    expect(await load(ada)).toMatchObject({
      userTenants: [{ tenantId: 'T1', roleNames: ['owner'] }],
    })
    await manage('v1/mgmt/user/update/tenant/remove', { loginId: ada, tenantId: 'T1' })
    expect(await load(ada)).toMatchObject({ userTenants: [] })
  })

  it('gets a new address, which replaces the login ID it is, but not another user’s', async () => {
    await create('bob@example.com')
    const taken = { loginId: ada, email: 'bob@example.com', verified: true }
    expect((await manage('v1/mgmt/user/update/email', taken)).body.errorCode).toBe('E111127')
    const free = { loginId: ada, email: 'countess@example.com', verified: true }
    expect((await manage('v1/mgmt/user/update/email', free)).body.user).toMatchObject({
      email: 'countess@example.com',
      verifiedEmail: true,
      loginIds: ['countess@example.com'],
    })
  })

  it.each([
    ['update', { email: 'new@example.com' }],
    ['update/email', { email: 'new@example.com' }],
    ['update/loginid', { newLoginId: 'new@example.com' }],
  ])('has a login ID that %s replaces in its old place', async (path, change) => {
    await manage('v1/mgmt/user/delete', { loginId: ada })
    await create(ada, { additionalIdentifiers: ['countess'] })
    const { user } = (await manage(`v1/mgmt/user/${path}`, { loginId: ada, ...change })).body
    expect(user.loginIds).toEqual(['new@example.com', 'countess'])
    // The others are replaced by an update, and the first is not.
    const others = { loginId: 'countess', additionalIdentifiers: ['lovelace'] }
    const patched = await manage('v1/mgmt/user/patch', others, 'PATCH')
    expect(patched.body.user.loginIds).toEqual(['new@example.com', 'lovelace'])
  })

  it('has its login ID replaced, and keeps at least one', async () => {
    const change = { loginId: ada, newLoginId: 'countess' }
    expect((await manage('v1/mgmt/user/update/loginid', change)).body.user.loginIds).toEqual([
      'countess',
    ])
    const removal = await manage('v1/mgmt/user/update/loginid', { loginId: 'countess' })
    expect(removal.body.errorCode).toBe('E011004')
  })

  it('cannot sign in while it is disabled, also by a link it has, and its sessions end', async () => {
    const { refreshJwt: token } = await service.emulator.signIn(ada)
    await service.post('/v1/auth/magiclink/signin/email', { loginId: ada })
    const { links } = await service.emulator.inbox.waitFor({ to: ada })
    const verify = { token: links[0]?.token }
    const status = { loginId: ada, status: 'disabled' }
    expect((await manage('v1/mgmt/user/update/status', status)).body.user).toMatchObject({
      status: 'disabled',
    })
    expect((await service.post('/v1/auth/refresh', {}, { token })).body.errorCode).toBe('E064001')
    const replies = [
      await service.post('/v1/auth/magiclink/signin/email', { loginId: ada }),
      await service.post('/v1/auth/magiclink/verify', verify),
      await manage('v1/mgmt/auth/signin', { loginId: ada }),
    ]
    expect(replies.map(({ status: code, body }) => [code, body.errorCode])).toEqual(
      replies.map(() => [401, 'E061004']),
    )
    await manage('v1/mgmt/user/update/status', { loginId: ada, status: 'enabled' })
    expect((await service.post('/v1/auth/magiclink/verify', verify)).status).toBe(200)
  })

  it('is found by every filter of a search, page by page', async () => {
    await create('bob@example.com', { userTenants: [{ tenantId: 'T1', roleNames: ['buyer'] }] })
    await manage('v1/mgmt/user/create/test', { loginId: 'test@example.com' })
    const search = async (filter: object): Promise<Found> =>
      JSON.parse((await manage('v2/mgmt/user/search', filter)).text) as Found
    const found = async (filter: object): Promise<string[]> =>
      (await search(filter)).users.map(({ email }) => email)
    expect(await found({})).toEqual([ada, 'bob@example.com'])
    expect(await found({ withTestUser: true })).toHaveLength(3)
    expect(await found({ testUsersOnly: true })).toEqual(['test@example.com'])
    expect(await found({ roleNames: ['editor'] })).toEqual([ada])
    expect(await found({ tenantIds: ['T1'] })).toEqual(['bob@example.com'])
    const t1 = (values: string[], and?: boolean): object => ({
      tenantRoleNames: { T1: { values, and } },
    })
    expect(await found(t1(['buyer', 'seller']))).toEqual(['bob@example.com'])
    expect(await found(t1(['buyer', 'seller'], true))).toEqual([])
    expect(await found(t1(['buyer'], true))).toEqual(['bob@example.com'])
    expect(await found({ emails: ['BOB@example.com'] })).toEqual(['bob@example.com'])
    expect(await found({ phones: ['+1 415 555 0123'] })).toEqual([ada])
    expect(await found({ text: 'bob' })).toEqual(['bob@example.com'])
    expect(await found({ statuses: ['disabled'] })).toEqual([])
    const sort = [{ field: 'email', desc: true }]
    expect(await search({ sort, limit: 1, page: 1 })).toMatchObject({
      users: [{ email: ada }],
      total: 2,
    })
  })

  it('is deleted in a batch, by user id', async () => {
    const { userId } = (await read(`user?loginId=${ada}`)).body.user
    await manage('v1/mgmt/user/delete/batch', { userIds: [userId, 'U2none'] })
    expect((await read(`user?loginId=${ada}`)).body.errorCode).toBe('E112102')
  })

  it('has a history, as an array', async () => {
    const { userId } = await service.emulator.signIn(ada)
    const { text } = await manage('v1/mgmt/user/history', [userId])
    expect(JSON.parse(text)).toMatchObject([{ userId, loginTime: expect.any(Number) }])
  })
})

describe('a session of the management API', () => {
  it('belongs to a known user, has its claims at the top level, and the given lifetime', async () => {
    await create(ada)
    const body = { loginId: ada, customClaims: { plan: 'pro', sub: 'U2x' }, refreshDuration: 60 }
    const reply = await manage('v1/mgmt/auth/signin', body)
    const { sessionJwt, refreshJwt, user, cookieMaxAge } = reply.body
    expect(user).toMatchObject({ email: ada, status: 'enabled' })
    expect(cookieMaxAge).toBeGreaterThan(0)
    expect(cookieMaxAge).toBeLessThanOrEqual(60)
    const refreshed = await service.post('/v1/auth/refresh', {}, { token: refreshJwt })
    for (const jwt of [sessionJwt, refreshed.body.sessionJwt]) {
      expect(decodeJwt(jwt)).toMatchObject({ plan: 'pro', sub: user.userId })
    }
    const unknown = await manage('v1/mgmt/auth/signin', { loginId: 'bob@example.com' })
    expect(unknown.body.errorCode).toBe('E112102')
  })

  it('creates the user of a sign-up once, and with sign-up-or-in when there is none', async () => {
    const body = { loginId: ada, user: { name: 'Ada', verifiedEmail: true } }
    const { user } = (await manage('v1/mgmt/auth/signup', body)).body
    expect(user).toMatchObject({ name: 'Ada', email: ada, verifiedEmail: true })
    expect((await manage('v1/mgmt/auth/signup', body)).body.errorCode).toBe('E062107')
    const again = await manage('v1/mgmt/auth/signup-in', body)
    expect(again.body.user.userId).toBe(user.userId)
    expect((await manage('v1/mgmt/auth/signup-in', { loginId: 'b@example.com' })).status).toBe(200)
  })

  it('is stepped up with the refresh token of the user, and not without', async () => {
    const { refreshJwt: jwt } = await service.emulator.signIn(ada)
    const stepUp = { loginId: ada, stepup: true }
    const reply = await manage('v1/mgmt/auth/signin', { ...stepUp, jwt })
    expect(decodeJwt(reply.body.sessionJwt)).toMatchObject({ su: true, amr: ['email', 'mgmt'] })
    expect((await manage('v1/mgmt/auth/signin', stepUp)).body.errorCode).toBe('E061004')
  })

  it('gets more claims with jwt/update, which change no other claim', async () => {
    const { sessionJwt, refreshJwt, userId } = await service.emulator.signIn(ada)
    const update = async (jwt: string): Promise<string> => {
      const body = { jwt, customClaims: { plan: 'pro', sub: 'U2x' } }
      return (await manage('v1/mgmt/jwt/update', body)).body.jwt
    }
    expect(decodeJwt(await update(sessionJwt))).toMatchObject({
      ...decodeJwt(sessionJwt),
      plan: 'pro',
    })
    const token = await update(refreshJwt)
    const { sessionJwt: next } = (await service.post('/v1/auth/refresh', {}, { token })).body
    expect(decodeJwt(next)).toMatchObject({ plan: 'pro', sub: userId })
    const forged = `${sessionJwt.slice(0, -8)}AAAAAAAA`
    expect((await manage('v1/mgmt/jwt/update', { jwt: forged })).body.errorCode).toBe('E061005')
  })

  it('has the claims of a sign-up embedded link at the top level', async () => {
    const body = { loginId: ada, loginOptions: { customClaims: { plan: 'pro' } } }
    const { token } = (await manage('v1/mgmt/user/signup/embeddedlink', body)).body
    const { sessionJwt } = (await service.post('/v1/auth/magiclink/verify', { token })).body
    expect(decodeJwt(sessionJwt)).toMatchObject({ plan: 'pro' })
    expect(decodeJwt(sessionJwt)).not.toHaveProperty('nsec')
  })
})
