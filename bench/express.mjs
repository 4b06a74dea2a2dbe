// A guarded Express route end to end. Each guard is a server process of its own; the load comes from
// this one. Rounds are interleaved and compared pairwise with the route behind a no-op middleware.
import { fork } from 'node:child_process'
import autocannon from 'autocannon'
import { interleave, median, ratio, table, timesCheaper } from './rounds.mjs'
import { createIssuer, createStub } from './tokens.mjs'

const SECONDS = 1
const WARM_SECONDS = 0.5
const CONNECTIONS = 32
const ROUNDS = 12
const INCUMBENT = '@descope/node-sdk by hand'
const NOOP = 'no-op middleware'
const guards = [
  'bare route',
  NOOP,
  'linkpass',
  INCUMBENT,
  'express-oauth2-jwt-bearer',
  '@clerk/express',
]

const issuer = await createIssuer()
const stub = await createStub({ jwk: issuer.jwk })
const known = await issuer.mintMany(1000)
// linkpass keeps 100 tokens in this mode and meets 8,000 in turn, so that it knows none of them.
const unknown = await issuer.mintMany(8000)

const modes = [
  { title: 'sessions seen before (1,000 of them)', tokens: known, small: false },
  { title: 'every token new', tokens: unknown, small: true },
]
for (const { title, tokens, small } of modes) {
  const servers = {}
  for (const guard of guards) servers[guard] = await startServer(guard, small)
  const latencies = Object.fromEntries(guards.map((guard) => [guard, []]))
  const cpus = Object.fromEntries(guards.map((guard) => [guard, []]))
  const contenders = {}
  for (const guard of guards) {
    contenders[guard] = async () => {
      const { url, usage } = servers[guard]
      // Not counted: a process that sat idle meanwhile has to find its memory again.
      await load(guard, url, tokens, WARM_SECONDS)
      const before = await usage()
      const run = await load(guard, url, tokens, SECONDS)
      const after = await usage()
      latencies[guard].push(run.latency.p99)
      cpus[guard].push((after - before) / run['2xx'])
      return run.duration / run['2xx']
    }
  }
  const costs = await interleave(contenders, { rounds: ROUNDS, warmup: 1 })
  const addedCpu = (guard) => median(cpus[guard].map((us, round) => us - cpus[NOOP][round]))
  table(
    `Express route, ${title}`,
    ['guard', 'of the bare route', 'of the no-op', '× the incumbent', 'added CPU', 'p99'],
    guards.map((guard) => [
      guard,
      ratio(timesCheaper(costs, guard, 'bare route')),
      ratio(timesCheaper(costs, guard, NOOP)),
      ratio(timesCheaper(costs, guard, INCUMBENT)),
      `${addedCpu(guard).toFixed(0)} µs`,
      `${median(latencies[guard]).toFixed(0)} ms`,
    ]),
  )
  for (const { stop } of Object.values(servers)) stop()
}
await stub.close()

async function load(guard, url, tokens, seconds) {
  let client = 0
  const run = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    // Each connection takes its own share of the tokens, so that none is sent by two.
    setupClient: (connection) => {
      const share = tokens.filter((_, i) => i % CONNECTIONS === client % CONNECTIONS)
      client++
      connection.setRequests(
        share.map((token) => ({ method: 'GET', path: '/', headers: headersOf(guard, token) })),
      )
    },
  })
  if (run.non2xx > 0 || run.errors > 0 || run['2xx'] === 0) {
    throw new Error(`${run.non2xx} refusals, ${run.errors} errors; nothing was measured`)
  }
  return run
}

// Each guard is sent the one credential that it reads; both headers are about as long.
function headersOf(guard, token) {
  const bearer = guard === 'express-oauth2-jwt-bearer' || guard === '@clerk/express'
  if (bearer) return { cookie: 'theme=dark; lang=en', authorization: `Bearer ${token}` }
  return { cookie: `theme=dark; DS=${token}; lang=en` }
}

function startServer(guard, small) {
  const child = fork(new URL('express-server.mjs', import.meta.url), {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      GUARD: guard,
      KEYS: stub.url,
      SMALL: small ? '1' : '',
      JWK: JSON.stringify(issuer.jwk),
      PEM: issuer.publicKeyPem,
    },
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('message', ({ url }) => {
      const usage = () =>
        new Promise((answer) => {
          child.once('message', answer)
          child.send('usage')
        })
      resolve({ url, usage, stop: () => child.kill() })
    })
  })
}
