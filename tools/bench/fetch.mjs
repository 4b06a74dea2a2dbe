// A guarded Hono route over HTTP, beside a no-op middleware: the short form of express.mjs.
import { NOOP, startServer } from './guarded-servers.mjs'
import { pin } from './pin.mjs'
import { fastestOfEach, interleave, mean, median, ratio, table, timesCheaper } from './rounds.mjs'
import { createIssuer, createStub } from './tokens.mjs'

const SLICE_MS = 300
const SLICES = 4
const ROUNDS = 12
const WARMUP_MS = 8000

const issuer = await createIssuer()
const stub = await createStub({ jwk: issuer.jwk })
const tokens = await issuer.mintMany(1000)
const guards = [
  NOOP,
  'reads the cookies, sets a header',
  'linkpass',
  'linkpass, cacheControl: false',
]

pin(process.pid, 1)
const servers = {}
for (const guard of guards) {
  const settings = { issuer, keys: stub.url, tokens, program: 'fetch-server.mjs' }
  servers[guard] = await startServer(guard, settings)
  await servers[guard].slice(WARMUP_MS)
}
const slices = await interleave(
  Object.fromEntries(guards.map((guard) => [guard, () => servers[guard].slice(SLICE_MS)])),
  { rounds: ROUNDS * SLICES, warmup: SLICES },
)
for (const { stop } of Object.values(servers)) await stop()
await stub.close()

const fastest = (guard) => fastestOfEach(slices[guard], SLICES)
const costs = Object.fromEntries(guards.map((guard) => [guard, fastest(guard).map(({ us }) => us)]))
const addedCpu = (guard) =>
  median(fastest(guard).map(({ cpuUs }, round) => cpuUs - fastest(NOOP)[round].cpuUs))
table(
  'Fetch handler in Hono, sessions seen before (1,000 of them)',
  ['guard', 'of the no-op', 'added CPU', 'collections', 'p99'],
  guards.map((guard) => [
    guard,
    ratio(timesCheaper(costs, guard, NOOP)),
    `${addedCpu(guard).toFixed(1)} µs`,
    `${mean(slices[guard].map(({ collectionUs }) => collectionUs)).toFixed(1)} µs`,
    `${median(fastest(guard).map(({ p99Ms }) => p99Ms)).toFixed(0)} ms`,
  ]),
)
