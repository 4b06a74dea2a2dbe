import { expect } from 'vitest'
import { test } from '../src/vitest.ts'
import { serviceOf } from './service.ts'

let url: string | undefined

test('gives a test an emulator and a signed-in person in one line', async ({ emulator }) => {
  const person = await emulator.signIn('ada@example.test', { roles: ['editor'] })
  const me = await serviceOf(emulator).get('/v1/auth/me', { token: person.refreshJwt })
  expect(me.body).toMatchObject({ userId: person.userId, roleNames: ['editor'] })
  url = emulator.url
})

test('keeps the emulator for the next test, and empties it', async ({ emulator }) => {
  expect(emulator.url).toBe(url)
  expect(emulator.inbox.list()).toEqual([])
  const signIn = { loginId: 'ada@example.test' }
  const reply = await serviceOf(emulator).post('/v1/auth/magiclink/signin/email', signIn)
  expect(reply.body.errorCode).toBe('E062108')
})
