// How often keys are fetched: 1,000 cold validations at once, then 1,000 unknown kids.
import { table } from './rounds.mjs'
import { createIssuer, createStub, fresh } from './tokens.mjs'
import { createSdk } from './validators.mjs'

const issuer = await createIssuer()
const good = await issuer.mint()
const [, body, signature] = good.split('.')
const unknownKids = Array.from({ length: 1000 }, (_, i) => {
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: `k${i}`, typ: 'JWT' }))
  return `${header.toString('base64url')}.${body}.${signature}`
})

const rows = []
for (const [name, create] of Object.entries(createSdk)) {
  const stub = await createStub({ jwk: issuer.jwk, delayMs: 20 })
  const sdk = create(stub.url)
  await Promise.all(Array.from({ length: 1000 }, () => sdk.validateSession(fresh(good))))
  const cold = stub.counts.keys
  await Promise.allSettled(unknownKids.map((token) => sdk.validateSession(token)))
  rows.push([name, cold, stub.counts.keys - cold])
  await sdk.close?.()
  await stub.close()
}
table('Key fetches', ['', '1,000 cold validations at once', '1,000 unknown kids at once'], rows)
