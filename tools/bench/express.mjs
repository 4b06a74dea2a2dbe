// A guarded Express route end to end. Each guard is a server process of its own; the servers share one
// core and the load has the other. Of each round's slices the fastest counts, for every guard alike,
// because other work of the machine only adds time. Rounds are compared pairwise with the no-op middleware.
//
// Express gives each request and response another prototype, and V8 then keeps them until a full collection,
// which comes later the more a process holds. So what the packages of a guard hold costs each request time,
// most where memory that a process gets for the first time is slow, as on many virtual machines.
import { GUARDS, INCUMBENT, NOOP, startServer } from './guarded-servers.mjs'
import { canPin, pin } from './pin.mjs'
import { fastestOfEach, interleave, mean, median, ratio, table, timesCheaper } from './rounds.mjs'
import { createIssuer, createStub } from './tokens.mjs'

const SLICE_MS = 300
const SLICES = 4
const ROUNDS = 12
const RATE = 1000
const STEADY_MS = 1000
// Not counted: V8 compiles for tens of thousands of requests before a server is as fast as it stays.
const WARMUP_MS = 8000

const issuer = await createIssuer()
const stub = await createStub({ jwk: issuer.jwk })
const known = await issuer.mintMany(1000)
// More than twice what linkpass remembers, each in its turn, so that it knows none of them.
const unknown = await issuer.mintMany(24_000)

pin(process.pid, 1)
if (!canPin) console.log('\nNo taskset here: load and servers share all cores.')
await compare('sessions seen before (1,000 of them)', known)
await compare('every token new', unknown)
await stub.close()

async function compare(title, tokens) {
  const servers = {}
  for (const guard of GUARDS) {
    servers[guard] = await startServer(guard, { issuer, keys: stub.url, tokens })
    await servers[guard].slice(WARMUP_MS)
  }
  const slices = await interleave(
    Object.fromEntries(GUARDS.map((guard) => [guard, () => servers[guard].slice(SLICE_MS)])),
    { rounds: ROUNDS * SLICES, warmup: SLICES },
  )
  await compareLatencies(title, servers)
  for (const { stop } of Object.values(servers)) await stop()

  const fastest = mapValues(slices, (all) => fastestOfEach(all, SLICES))
  const costs = mapValues(fastest, (rounds) => rounds.map(({ us }) => us))
  const addedCpu = (guard) =>
    median(fastest[guard].map(({ cpuUs }, round) => cpuUs - fastest[NOOP][round].cpuUs))
  table(
    `Express route, ${title}`,
    [
      'guard',
      'of the bare route',
      'of the no-op',
      '× the incumbent',
      'added CPU',
      'collections',
      'p99',
    ],
    GUARDS.map((guard) => [
      guard,
      ratio(timesCheaper(costs, guard, 'bare route')),
      ratio(timesCheaper(costs, guard, NOOP)),
      ratio(timesCheaper(costs, guard, INCUMBENT)),
      `${addedCpu(guard).toFixed(0)} µs`,
      // Of all slices: the fastest are those with the fewest.
      `${mean(slices[guard].map(({ collectionUs }) => collectionUs)).toFixed(0)} µs`,
      `${median(fastest[guard].map(({ p99Ms }) => p99Ms)).toFixed(0)} ms`,
    ]),
  )
}

/** The time to a response while a server is not busy: the added time that users notice. */
async function compareLatencies(title, servers) {
  const steady = [NOOP, 'linkpass', INCUMBENT]
  const waits = await interleave(
    Object.fromEntries(
      steady.map((guard) => [guard, () => servers[guard].atRate(RATE, STEADY_MS)]),
    ),
    { rounds: ROUNDS, warmup: 1 },
  )
  table(
    `The same at ${RATE} requests per second, ${title}`,
    ['guard', 'median', 'p99'],
    steady.map((guard) => [
      guard,
      `${median(waits[guard].map(({ p50Ms }) => p50Ms)).toFixed(2)} ms`,
      `${median(waits[guard].map(({ p99Ms }) => p99Ms)).toFixed(1)} ms`,
    ]),
  )
}

function mapValues(record, change) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
