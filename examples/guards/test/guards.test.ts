import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

const appUrl = 'http://localhost:3000'
const cookieNames = { session: 'DS_3000', refresh: 'DSR_3000' }
const secret = 'a secret of at least thirty-two bytes'

test('each route lets those through who may pass', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  await using client = createDescopeClient({ projectId, baseUrl, clock })
  const app = createApp(client, appUrl, secret)
  const { cookie: auditor } = await emulator.signIn('ada@example.test', {
    roles: ['auditor'],
    cookieNames,
  })
  const { cookie: member } = await emulator.signIn('bob@example.test', {
    tenants: { T1: { permissions: ['read invoices'] }, T2: {} },
    cookieNames,
  })
  const statusOf = async (path: string, cookie = ''): Promise<number> => {
    const headers = { cookie, accept: 'application/json' }
    return (await supertest(app).get(path).set(headers)).status
  }

  expect((await supertest(app).get('/')).text).toBe('Hello, visitor')
  expect((await supertest(app).get('/').set({ cookie: member })).text).toMatch(/^Hello, U/)
  expect(await statusOf('/reports')).toBe(401)
  expect(await statusOf('/reports', auditor)).toBe(200)
  expect(await statusOf('/reports', member)).toBe(403)
  expect(await statusOf('/tenants/T1/invoices', member)).toBe(200)
  expect(await statusOf('/tenants/T2/invoices', member)).toBe(403)
  expect(await statusOf('/tenants/T1/invoices', auditor)).toBe(403)
  const headers = { cookie: member, accept: 'application/json' }
  const refused = await supertest(app).post('/api-keys').set(headers)
  expect([refused.status, refused.body]).toEqual([401, { error: 'step_up_required' }])
})
