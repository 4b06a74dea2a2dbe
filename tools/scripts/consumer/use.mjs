// Signs in through the packed packages, in an empty folder, with Node and nothing else.
import assert from 'node:assert/strict'
import DescopeClient, { createDescopeClient, unwrap } from '@linkpass/core'
import { stateStoreConformance } from '@linkpass/core/conformance'
import * as web from '@linkpass/web'
import { startEmulator } from '@linkpass/emulator'
import { createAuth, requireSession } from '@linkpass/express'
import { redisStore } from '@linkpass/redis'

assert.equal(DescopeClient, createDescopeClient)
assert.ok(stateStoreConformance)
assert.ok(Object.keys(web).length > 0)
for (const published of [createAuth, redisStore, requireSession])
  assert.equal(typeof published, 'function')

const emulator = await startEmulator()
const client = createDescopeClient({ projectId: emulator.projectId, baseUrl: emulator.url })
unwrap(await client.magicLink.signUpOrIn.email('ada@example.test', 'http://localhost:3000/verify'))
const mail = await emulator.inbox.waitFor({ to: 'ada@example.test' })
const tokens = unwrap(await client.magicLink.verify(mail.links[0].token))
const { token } = await client.validateSession(tokens.sessionJwt)
assert.equal(token.sub, tokens.user.userId)
await client.close()
await emulator.close()
