// Sign-in calls to a loopback stub in a process of its own, one after another and 32 at once, and the
// sockets they took.
import descopeSdk from '@descope/node-sdk'
import { createDescopeClient } from '../../packages/core/dist/index.js'
import { interleave, ratio, table, timed, timesCheaper } from './rounds.mjs'
import { forkStub, projectId } from './tokens.mjs'

const CALLS = 1000
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

/** Keeps so many calls under way until all are made. */
async function inFlight(width, sdk) {
  let left = CALLS
  const worker = async () => {
    while (left-- > 0) await send(sdk)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

const ways = {
  'one after another': (sdk) => inFlight(1, sdk),
  '32 at once': (sdk) => inFlight(32, sdk),
}

const rows = []
for (const [way, work] of Object.entries(ways)) {
  const stubs = {}
  const contenders = {}
  for (const [name, create] of Object.entries(sdks)) {
    stubs[name] = await forkStub()
    const sdk = create(stubs[name].url)
    await send(sdk)
    contenders[name] = () => timed(() => work(sdk))
  }
  const costs = await interleave(contenders)
  for (const name of Object.keys(sdks)) {
    rows.push([
      `${name}, ${way}`,
      ratio(timesCheaper(costs, name, '@descope/node-sdk')),
      await stubs[name].sockets(),
    ])
    await stubs[name].close()
  }
}
table('Sign-in calls to a loopback stub', ['', '× the incumbent', 'sockets'], rows)
process.exit(0)
