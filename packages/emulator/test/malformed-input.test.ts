import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Service, startService } from './service.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.emulator.close())

const bodies: readonly string[] = [
  '',
  'null',
  '[]',
  '"text"',
  '7',
  '{',
  '\u0000',
  '{"__proto__":{"loginId":"a@b.test"}}',
  '{"constructor":{"prototype":{}},"loginId":["a@b.test"]}',
  JSON.stringify({
    loginId: 'a\u0000@b.test',
    email: '\uD800@b.test',
    phone: '+\u0661',
    token: '…',
  }),
  JSON.stringify({ loginId: 'x@'.repeat(10_000), redirectUrl: 'http://[', URI: '//evil.test' }),
  JSON.stringify({ loginId: 'ada@example.test', loginOptions: [], user: 'ada', timeout: 1e300 }),
  JSON.stringify({
    loginId: 'ada@example.test',
    loginOptions: { customClaims: { exp: 1, sub: 'U' } },
  }),
  JSON.stringify({ token: 'constructor', pendingRef: 'toString', tenant: '__proto__', ids: [{}] }),
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  `{"loginId":"deep@b.test","name":"deep","customAttributes":${nested(5000)},"customClaims":${nested(5000)}}`,
]

function nested(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
}

it('responds with JSON and never with a 5xx to malformed bodies', async () => {
  const { emulator } = service
  const listed = await fetch(`${emulator.url}/_emulator/endpoints`)
  const endpoints = (await listed.json()) as { method: string; path: string; access: string }[]
  expect(endpoints.length).toBeGreaterThan(30)
  const { refreshJwt } = await emulator.signIn('ada@example.test')
  for (const { method, path, access } of endpoints) {
    const token = access === 'management' ? emulator.managementKey : refreshJwt
    const url = path.replace(':method', 'email').replace(':projectId', emulator.projectId)
    if (method === 'GET') continue
    await Promise.all(
      bodies.map(async (body) => {
        const reply = await service.post(url, body, { token, method })
        expect(reply.status, `${method} ${path} ${body.slice(0, 80)}`).toBeLessThan(500)
        expect(reply.text).toMatch(/^[{[]/)
      }),
    )
  }
})

it('says that a body is nested too deeply, and takes one of a thousand levels', async () => {
  const create = (loginId: string, levels: number) =>
    service.post(
      '/v1/mgmt/user/create',
      `{"loginId":"${loginId}","customAttributes":${nested(levels)}}`,
      { token: service.emulator.managementKey },
    )
  expect(await create('deep@b.test', 5000)).toMatchObject({
    status: 400,
    text: expect.stringContaining('nested more than 1000 levels deep') as string,
  })
  expect((await create('deep@b.test', 998)).status).toBe(200)
})

it('keeps custom claims in nsec, even with the names of other claims', async () => {
  const { emulator } = service
  const { sessionJwt } = await emulator.signIn('eve@example.test', {
    customClaims: { sub: 'U2victim', drn: 'DSR', roles: ['admin'] },
  })
  const claims = Buffer.from(sessionJwt.split('.')[1] ?? '', 'base64url').toString()
  expect(JSON.parse(claims)).toMatchObject({
    drn: 'DS',
    nsec: { sub: 'U2victim', drn: 'DSR', roles: ['admin'] },
  })
  expect(JSON.parse(claims)).not.toHaveProperty('roles')
})

it.each([
  ['auth/signin', { refreshDuration: 1e14 }],
  ['auth/signin', { refreshDuration: -1 }],
  ['user/signin/embeddedlink', { timeout: 1e14 }],
  ['user/signin/embeddedlink', { timeout: -1 }],
  ['accesskey/create', { name: 'k', expireTime: 1e14 }],
  ['accesskey/create', { name: 'k', expireTime: -1 }],
  ['accesskey/create', { name: 'k', permittedIps: ['10.0.0.0/99'] }],
  ['accesskey/create', { name: 'k', permittedIps: ['10.0.0.0/'] }],
  ['accesskey/create', { name: 'k', permittedIps: ['host.example'] }],
])('refuses a value out of range, in %s: %o', async (path, fields) => {
  const { emulator } = service
  const loginId = 'range@example.test'
  await emulator.signIn(loginId)
  const token = emulator.managementKey
  const reply = await service.post(`/v1/mgmt/${path}`, { loginId, ...fields }, { token })
  expect([reply.status, reply.body.errorCode]).toEqual([400, 'E011003'])
})

it.each([
  [{ 'content-encoding': 'gzip' }, 'content-encoding'],
  [{ 'content-type': 'application/x-www-form-urlencoded' }, 'application/json'],
])('names what is wrong with a body that is not JSON, sent with %o', async (headers, named) => {
  const reply = await service.post('/v1/auth/magiclink/verify', 'token=x', { headers })
  expect([reply.status, reply.body.errorCode]).toEqual([400, 'E011001'])
  expect(reply.headers.get('x-emulator-hint')).toContain(named)
})
