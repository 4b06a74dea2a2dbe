import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

test('a sign-in that was requested on a computer is approved on a phone', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  const client = createDescopeClient({ projectId, baseUrl, clock })
  const { app, auth } = createApp(
    client,
    'http://localhost:3000',
    'a secret of at least thirty-two bytes',
  )
  const [computer, phone] = [supertest.agent(app), supertest.agent(app)]

  const sent = await computer.post('/auth/enchanted-link').send({ loginId: 'ada@example.com' })
  expect(sent.body).toEqual({ linkId: expect.any(String), maskedEmail: 'a***@example.com' })

  const mail = await emulator.inbox.waitFor({ to: 'ada@example.com' })
  expect(mail.links).toHaveLength(3)
  const right = mail.links.find(({ number }) => number === sent.body.linkId)
  const { pathname, searchParams } = new URL(right?.url ?? '')
  const decision = { t: searchParams.get('t'), state: pathname.split('/').at(-1) }
  await phone.get(`${pathname}?${searchParams.toString()}`).expect(200)
  // The waiting screen shows the code once a link was opened. The user types it on the phone.
  const { body: waiting } = await computer.get('/auth/enchanted-link/status').expect(200)
  expect(waiting).toEqual({ state: 'pending', code: expect.stringMatching(/^\d{4}$/) })
  const { code } = waiting
  await phone.post('/auth/enchanted-link/verify').send({ ...decision, code, decision: 'approve' })

  const status = await computer.get('/auth/enchanted-link/status?code=shown').expect(200)
  expect(status.body).toEqual({ state: 'approved' })
  await computer.post('/auth/enchanted-link/complete').expect(200, { redirectTo: '/' })
  await computer.get('/me').expect(200)
  await phone.get('/me').expect(401)
  auth.close()
})
