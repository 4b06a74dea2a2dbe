import { expect } from 'vitest'
import { test } from '../src/vitest.ts'
import { serviceOf } from './service.ts'

let url: string | undefined

test('provides an emulator and a signed-in user in one line', async ({ emulator }) => {
  const user = await emulator.signIn('ada@example.test', { roles: ['editor'] })
  const me = await serviceOf(emulator).get('/v1/auth/me', { token: user.refreshJwt })
  expect(me.body).toMatchObject({ userId: user.userId, roleNames: ['editor'] })
  url = emulator.url
})

test('reuses the emulator for the next test, and resets it', async ({ emulator }) => {
  expect(emulator.url).toBe(url)
  expect(emulator.inbox.list()).toEqual([])
  const signIn = { loginId: 'ada@example.test' }
  const reply = await serviceOf(emulator).post('/v1/auth/magiclink/signin/email', signIn)
  expect(reply.body.errorCode).toBe('E062108')
})
