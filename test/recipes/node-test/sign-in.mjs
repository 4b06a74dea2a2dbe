import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createDescopeClient, unwrap } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'

let emulator
let client

before(async () => {
  emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  client = createDescopeClient({ projectId, baseUrl, clock })
})
beforeEach(() => emulator.reset())
after(async () => {
  await client.close()
  await emulator.close()
})

await test('a link signs in once', async () => {
  unwrap(await client.magicLink.signUpOrIn.email('ada@example.com', 'http://localhost:3000/v'))
  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.com' })
  const { sessionJwt } = unwrap(await client.magicLink.verify(links[0].token))
  assert.ok((await client.validateSession(sessionJwt)).token.sub)
  assert.equal((await client.magicLink.verify(links[0].token)).code, 401)
})
