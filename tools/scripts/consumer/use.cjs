// Signs in through the packed packages from CommonJS. It runs where require() loads no ESM, as on AWS
// Lambda, so it also shows that every package has a CommonJS build and that jose loads from it.
const assert = require('node:assert/strict')
const { generateKeyPairSync, sign } = require('node:crypto')
const { createDescopeClient, unwrap } = require('@linkpass/core')
const { stateStoreConformance } = require('@linkpass/core/conformance')
const { startEmulator } = require('@linkpass/emulator')
const { createAuth } = require('@linkpass/express')
const { redisStore } = require('@linkpass/redis')
const { createAuth: createFetchAuth } = require('@linkpass/fetch')
const { createWebAuth } = require('@linkpass/web')

require('@linkpass/express/register')
assert.ok(stateStoreConformance.length > 0)
for (const published of [createAuth, createFetchAuth, createWebAuth, redisStore])
  assert.equal(typeof published, 'function')

async function signIn() {
  const emulator = await startEmulator()
  const client = createDescopeClient({ projectId: emulator.projectId, baseUrl: emulator.url })
  unwrap(await client.magicLink.signUpOrIn.email('ada@example.test'))
  const mail = await emulator.inbox.waitFor({ to: 'ada@example.test' })
  const tokens = unwrap(await client.magicLink.verify(mail.links[0].token))
  const { token } = await client.validateSession(tokens.sessionJwt)
  assert.equal(token.sub, tokens.user.userId)
  await client.close()
  await emulator.close()
}

// jose verifies the signatures of ES384.
async function verifyByJose() {
  const file = './node_modules/@linkpass/core/dist/cjs/jwt/signature.js'
  const { createVerifier } = require(file)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const signed = `${Buffer.from('{"alg":"ES384"}').toString('base64url')}.e30`
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' }
  const signature = sign('sha384', Buffer.from(signed), key).toString('base64url')
  const token = { jwt: `${signed}.${signature}`, signed, signature }
  assert.equal(await createVerifier('ES384', publicKey)(token), true)
}

void Promise.all([signIn(), verifyByJose()])
