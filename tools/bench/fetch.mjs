// A guarded Fetch handler over HTTP, beside a no-op: in Hono, and on `node:http` without a framework. The short
// form of express.mjs.
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
const guards = [NOOP, 'linkpass', 'linkpass, cacheControl: false']
pin(process.pid, 1)
await measure('Fetch handler in Hono', 'hono', [...guards, 'reads the cookies, sets a header'])
await measure('Fetch handler on node:http', 'node', guards)
await stub.close()

async function measure(title, on, names) {
  const servers = {}
  for (const name of names) {
    const settings = { issuer, keys: stub.url, tokens, program: 'fetch-server.mjs', on }
    servers[name] = await startServer(name, settings)
    await servers[name].slice(WARMUP_MS)
  }
  const slices = await interleave(
    Object.fromEntries(names.map((name) => [name, () => servers[name].slice(SLICE_MS)])),
    { rounds: ROUNDS * SLICES, warmup: SLICES },
  )
  for (const { stop } of Object.values(servers)) await stop()
  print(`${title}, sessions seen before (1,000 of them)`, slices)
}

function print(title, slices) {
  const fastest = (name) => fastestOfEach(slices[name], SLICES)
  const names = Object.keys(slices)
  const costs = Object.fromEntries(names.map((name) => [name, fastest(name).map(({ us }) => us)]))
  const addedCpu = (name) =>
    median(fastest(name).map(({ cpuUs }, round) => cpuUs - fastest(NOOP)[round].cpuUs))
  table(
    title,
    ['guard', 'of the no-op', 'added CPU', 'collections', 'p99'],
    names.map((name) => [
      name,
      ratio(timesCheaper(costs, name, NOOP)),
      `${addedCpu(name).toFixed(1)} µs`,
      `${mean(slices[name].map(({ collectionUs }) => collectionUs)).toFixed(1)} µs`,
      `${median(fastest(name).map(({ p99Ms }) => p99Ms)).toFixed(0)} ms`,
    ]),
  )
}
