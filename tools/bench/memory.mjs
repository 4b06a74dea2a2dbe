// How much heap 10,000 cached sessions take. Run with --expose-gc.
import { table } from './rounds.mjs'
import { createIssuer, createStub } from './tokens.mjs'
import { createSdk } from './validators.mjs'

const SESSIONS = 10_000
const issuer = await createIssuer('ES256')
const stub = await createStub({ jwk: issuer.jwk })
const client = createSdk.linkpass(stub.url)
await client.warmUp()

globalThis.gc()
const before = process.memoryUsage().heapUsed
const kept = []
let bytes = 0
for (let i = 0; i < SESSIONS; i++) {
  const token = await issuer.mint()
  bytes += token.length
  // A token is kept at its second sight.
  await client.validateSession(token)
  kept.push(new WeakRef(await client.validateSession(token)))
}
await new Promise((resolve) => setImmediate(resolve))
globalThis.gc()
const used = process.memoryUsage().heapUsed - before
const alive = kept.filter((view) => view.deref() !== undefined).length
if (alive < SESSIONS) throw new Error(`Only ${alive} of the sessions are cached.`)
table(
  `Heap of ${SESSIONS.toLocaleString('en')} cached sessions, tokens of ${Math.round(bytes / SESSIONS)} characters`,
  ['', 'in all', 'each'],
  [['linkpass', `${(used / 2 ** 20).toFixed(1)} MiB`, `${(used / SESSIONS / 1000).toFixed(1)} kB`]],
)
await client.close()
await stub.close()
