// What an invalid token costs a guard, compared with a valid one that it has not seen before.
import { interleave, table, timed, timesCheaper } from './rounds.mjs'
import { createIssuer, createStub } from './tokens.mjs'
import { createSdk, forged } from './validators.mjs'

const issuer = await createIssuer()
const stub = await createStub({ jwk: issuer.jwk })
const client = createSdk.linkpass(stub.url, { cache: false })
const good = await issuer.mint()
const [, body, signature] = good.split('.')
const header = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

const invalid = {
  'forged signature': forged(good),
  'unknown kid': `${header({ alg: 'RS256', kid: 'unknown', typ: 'JWT' })}.${body}.${signature}`,
  'alg none': `${header({ alg: 'none', kid: 'bench-key' })}.${body}.${signature}`,
  'two parts': good.slice(0, good.lastIndexOf('.')),
  '1 MB of letters': 'a'.repeat(1_000_000),
  'not base64url': `${good.slice(0, -2)}==`,
}

async function accept() {
  for (let i = 0; i < 300; i++) {
    const { status } = await client.authenticate({ sessionJwt: good })
    if (status !== 'signed-in') throw new Error('a valid token was refused')
  }
}

function refuse(token) {
  return async () => {
    for (let i = 0; i < 300; i++) {
      const { status } = await client.authenticate({ sessionJwt: token })
      if (status === 'signed-in') throw new Error('an invalid token was accepted')
    }
  }
}

const contenders = { 'a valid token': () => timed(accept) }
for (const [name, token] of Object.entries(invalid)) contenders[name] = () => timed(refuse(token))
const costs = await interleave(contenders)
table(
  'What an invalid token costs a guard, as a share of a valid one',
  ['token', 'share'],
  Object.keys(invalid).map((name) => [
    name,
    (1 / timesCheaper(costs, name, 'a valid token')).toFixed(2),
  ]),
)
await client.close()
await stub.close()
