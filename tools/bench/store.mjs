// What a shared store costs: the guard around it, the log of revocations, commands of a refresh and of a
// sign-in, and the memory of a session in Redis. Needs redis-server.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createConnection, createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createClient } from 'redis'
import { createDescopeClient, memoryStore, systemClock } from '../../packages/core/dist/index.js'
import { guardStore } from '../../packages/core/dist/internal.js'
import { startEmulator } from '../../packages/emulator/dist/index.js'
import { redisStore } from '../../packages/redis/dist/index.js'
import { interleave, median, ratio, table, timed, timesCheaper } from './rounds.mjs'
import { createIssuer, createStub, projectId } from './tokens.mjs'

const CALLS = 100_000
const SESSIONS = 1000
const KEYS = 50_000

const port = await freePort()
const server = spawn('redis-server', ['--port', String(port), '--save', ''], { stdio: 'ignore' })
await listening(port)
const redis = createClient({ url: `redis://127.0.0.1:${port}`, disableOfflineQueue: true })
await redis.connect()

/** The same store, which counts its operations: each is one command. */
const counted = { operations: 0 }
const shared = counting(redisStore(redis, { logger: { warn() {} } }), counted)

await guardCost()
await logCost()
await commands()
redis.destroy()
server.kill()
process.exit(0)

async function guardCost() {
  const bare = { ...memoryStore() }
  const guarded = guardStore(bare, systemClock)
  const gets = async (store) => {
    for (let index = 0; index < CALLS; index += 1) await store.get('key')
  }
  const costs = await interleave({
    bare: () => timed(() => gets(bare)),
    guarded: () => timed(() => gets(guarded)),
  })
  const added = median(costs.guarded.map((ms, round) => ms - costs.bare[round]))
  table(
    'The guard around a store',
    ['', 'added to an operation'],
    [['deadline and breaker', `${((added / CALLS) * 1000).toFixed(2)} µs`]],
  )
}

async function logCost() {
  const issuer = await createIssuer('ES256')
  const stub = await createStub({ jwk: issuer.jwk })
  const token = await issuer.mint()
  const of = async (options) => {
    const client = createDescopeClient({ projectId, baseUrl: stub.url, store: shared, ...options })
    await client.warmUp()
    for (let index = 0; index < 3; index += 1) await client.validateSession(token)
    return client
  }
  const off = await of({})
  const on = await of({ revocation: { onStoreError: 'deny' } })
  const validate = async (client) => {
    for (let index = 0; index < CALLS; index += 1) {
      await client.validateSession(token)
      // As between the requests of a server; without it the log is not read, and the store is asked.
      if (index % 1000 === 0) await nextTurn()
    }
  }
  const costs = await interleave({
    off: () => timed(() => validate(off)),
    on: () => timed(() => validate(on)),
  })
  counted.operations = 0
  await new Promise((resolve) => setTimeout(resolve, 6000))
  const perSecond = counted.operations / 6
  table(
    'A session seen before, with revocation on',
    ['', 'figure'],
    [
      ['of off', ratio(timesCheaper(costs, 'on', 'off'))],
      ['commands a second of an instance, whatever its load', perSecond.toFixed(2)],
    ],
  )
  await on.close()
  await off.close()
  await stub.close()
}

async function commands() {
  const emulator = await startEmulator({ rotateRefreshTokens: true })
  const { projectId: id, url: baseUrl } = emulator
  const client = createDescopeClient({ projectId: id, baseUrl, store: shared })
  await client.warmUp()
  await redis.sendCommand(['FLUSHALL'])
  counted.operations = 0
  for (let index = 0; index < SESSIONS; index += 1) {
    const { refreshJwt } = await emulator.signIn(`user-${index}@example.test`)
    const { jwt, refreshJwt: next } = await client.refreshSession(refreshJwt)
    // The first request with the new tokens, which marks them as seen.
    await client.validateAndRefreshSession(jwt, next)
  }
  const perRefresh = counted.operations / SESSIONS
  const kinds = new Map()
  for (const key of await redis.sendCommand(['KEYS', '*'])) {
    const kind = key.split(':')[1]
    const bytes = Number(await redis.sendCommand(['MEMORY', 'USAGE', key]))
    const seconds = Number(await redis.sendCommand(['PTTL', key])) / 1000
    const { all = 0, ttl = 0 } = kinds.get(kind) ?? {}
    kinds.set(kind, { all: all + bytes, ttl: Math.max(ttl, seconds) })
  }
  const places = await placesOfKey()
  // A session token of ten minutes: an active session has each key for its part of that time.
  const rows = [...kinds].map(([kind, { all, ttl }]) => {
    const each = all / SESSIONS
    const inMean = ((each + places) * ttl) / 600
    return [kind, each.toFixed(0), places.toFixed(0), ttl.toFixed(0), inMean.toFixed(0)]
  })
  const sum = rows.reduce((total, row) => total + Number(row[4]), 0)
  table(
    `Redis for an active session that rotates, of ${SESSIONS}`,
    [
      'kind of key',
      'bytes',
      'and its places',
      'lives for s',
      'bytes in the mean, refreshed each 600 s',
    ],
    [...rows, ['in all', '', '', '', String(sum)]],
  )
  table(
    'Commands',
    ['', 'commands'],
    [['a refresh, and the first request after it', perRefresh.toFixed(1)]],
  )
  await client.close()
  await emulator.close()
}

/** What MEMORY USAGE leaves out of a key: its places in the tables of keys and of times to live. */
async function placesOfKey() {
  const used = async () => {
    const info = await redis.sendCommand(['INFO', 'memory'])
    return Number(/^used_memory:(\d+)/m.exec(info)?.[1])
  }
  const fill = `for index = 1, ${KEYS} do redis.call('SET', 'key:' .. index, '1', 'PX', 600000) end`
  await redis.sendCommand(['FLUSHALL'])
  const before = await used()
  await redis.sendCommand(['EVAL', fill, '0'])
  const each = ((await used()) - before) / KEYS
  return each - Number(await redis.sendCommand(['MEMORY', 'USAGE', `key:${KEYS}`]))
}

function counting(store, count) {
  return Object.fromEntries(
    Object.entries(store).map(([name, operation]) => [
      name,
      (...args) => {
        count.operations += 1
        return operation(...args)
      },
    ]),
  )
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port: free } = probe.address()
  probe.close()
  return free
}

async function listening(at) {
  for (;;) {
    const socket = createConnection(at, '127.0.0.1')
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
