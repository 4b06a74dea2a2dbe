// Sign-in calls to a loopback stub, one after another and 32 at once, and the sockets they took.
import descopeSdk from '@descope/node-sdk'
import { createDescopeClient } from '../packages/core/dist/index.js'
import { interleave, ratio, table, timed, timesCheaper } from './rounds.mjs'
import { createStub, projectId } from './tokens.mjs'

const CALLS = 320
const sdks = {
  linkpass: (baseUrl) => createDescopeClient({ projectId, baseUrl }),
  '@descope/node-sdk': (baseUrl) => descopeSdk({ projectId, baseUrl }),
}

async function send(sdk) {
  const result = await sdk.magicLink.signUpOrIn.email(
    'ada@example.test',
    'https://app.example.test/verify',
  )
  if (!result.ok) throw new Error('a call failed; nothing was measured')
}

const ways = {
  'one after another': async (sdk) => {
    for (let i = 0; i < CALLS; i++) await send(sdk)
  },
  '32 at once': async (sdk) => {
    for (let i = 0; i < CALLS; i += 32) {
      await Promise.all(Array.from({ length: 32 }, () => send(sdk)))
    }
  },
}

const rows = []
for (const [way, work] of Object.entries(ways)) {
  const stubs = {}
  const contenders = {}
  for (const [name, create] of Object.entries(sdks)) {
    stubs[name] = await createStub({ answer: { maskedEmail: 'a***@***le.test' } })
    const sdk = create(stubs[name].url)
    await send(sdk)
    contenders[name] = () => timed(() => work(sdk))
  }
  const costs = await interleave(contenders)
  for (const name of Object.keys(sdks)) {
    rows.push([
      `${name}, ${way}`,
      ratio(timesCheaper(costs, name, '@descope/node-sdk')),
      stubs[name].counts.sockets,
    ])
    await stubs[name].close()
  }
}
table('Sign-in calls to a loopback stub', ['', '× the incumbent', 'sockets'], rows)
process.exit(0)
