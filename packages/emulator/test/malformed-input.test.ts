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
]

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
