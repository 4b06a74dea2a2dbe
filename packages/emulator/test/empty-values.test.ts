import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Reply, type Service, startService } from './service.ts'

let service: Service
const ada = 'ada@example.com'

beforeAll(async () => {
  service = await startService()
})
beforeEach(() => service.emulator.reset())
afterAll(() => service.emulator.close())

const manage = (path: string, body: unknown, method = 'POST'): Promise<Reply> =>
  service.post(path, body, { token: service.emulator.managementKey, method })

// The Go SDK sends null for a list without entries, and leaves an empty login ID out.
it.each([
  ['/v1/mgmt/user/history', null],
  ['/v1/mgmt/users/load', { userIds: null }],
  ['/v1/mgmt/user/delete/batch', { userIds: null }],
  ['/v1/mgmt/user/create/batch', { users: null }],
  ['/v1/mgmt/role/create/batch', { roles: null }],
  ['/v1/mgmt/role/update/batch', { roles: null }],
  ['/v1/mgmt/permission/create/batch', { permissions: null }],
  ['/v1/mgmt/permission/update/batch', { permissions: null }],
])('reads null as an empty list: %s', async (path, body) => {
  expect((await manage(path, body === null ? 'null' : body)).status).toBe(200)
})

it.each([
  ['POST', '/v1/mgmt/user/delete'],
  ['POST', '/v1/mgmt/user/update'],
  ['PATCH', '/v1/mgmt/user/patch'],
  ['POST', '/v1/mgmt/user/update/status'],
])('says which field is missing where a request names no user: %s %s', async (method, path) => {
  const { errorCode, errorMessage } = (await manage(path, { status: 'enabled' }, method)).body
  expect([errorCode, errorMessage]).toEqual(['E011003', 'The loginId field is required'])
})

it('says which field is missing where a query names no user', async () => {
  const { errorCode } = (
    await service.get('/v1/mgmt/user', { token: service.emulator.managementKey })
  ).body
  expect(errorCode).toBe('E011003')
})

it('creates no user whose invitation it refuses', async () => {
  const invited = { loginId: ada, invite: true, inviteUrl: 'not a URL' }
  expect((await manage('/v1/mgmt/user/create', invited)).body.errorCode).toBe('E011003')
  const again = await manage('/v1/mgmt/user/create', { loginId: ada })
  expect(again.status).toBe(200)
})

it('stores every phone number as E.164, also one for recovery', async () => {
  const recoveryPhone = '+1-415-555-0199'
  const created = await manage('/v1/mgmt/user/create', { loginId: ada, recoveryPhone })
  expect(created.body.user).toMatchObject({ recoveryPhone: '+14155550199' })
  const path = '/v1/mgmt/user/update/recovery/phone'
  const changed = await manage(path, { loginId: ada, recoveryPhone: '+1 (415) 555-0198' })
  expect(changed.body.user).toMatchObject({ recoveryPhone: '+14155550198' })
})

it('counts a new address as unverified, unless the request says otherwise', async () => {
  await service.emulator.signIn(ada)
  const patched = await manage(
    '/v1/mgmt/user/patch',
    { loginId: ada, email: 'eve@example.com' },
    'PATCH',
  )
  expect(patched.body.user).toMatchObject({ email: 'eve@example.com', verifiedEmail: false })
  const stated = { loginId: 'eve@example.com', email: ada, verifiedEmail: true }
  const again = await manage('/v1/mgmt/user/patch', stated, 'PATCH')
  expect(again.body.user).toMatchObject({ email: ada, verifiedEmail: true })
})

it('ignores space around an email address, as around a phone number', async () => {
  const path = '/v1/auth/magiclink/signup-in/email'
  expect((await service.post(path, { loginId: ` ${ada} ` })).status).toBe(200)
  expect((await service.emulator.inbox.waitFor({ to: ada })).to).toBe(ada)
})

it('says that a management key is missing where none was sent', async () => {
  const { errorCode, errorMessage } = (await service.post('/v1/mgmt/user/create', { loginId: ada }))
    .body
  expect([errorCode, errorMessage]).toEqual(['E061004', 'A management key is required'])
})
