const { createDescopeClient, unwrap } = require('@linkpass/core')
const { startEmulator } = require('@linkpass/emulator')

let emulator
let client

beforeAll(async () => {
  emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  client = createDescopeClient({ projectId, baseUrl, clock })
})
beforeEach(() => emulator.reset())
afterAll(async () => {
  await client.close()
  await emulator.close()
})

test('a link signs in once', async () => {
  unwrap(await client.magicLink.signUpOrIn.email('ada@example.com', 'http://localhost:3000/v'))
  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.com' })
  const { sessionJwt } = unwrap(await client.magicLink.verify(links[0].token))
  expect((await client.validateSession(sessionJwt)).token.sub).toBeTruthy()
  expect(await client.magicLink.verify(links[0].token)).toMatchObject({ ok: false, code: 401 })
})
