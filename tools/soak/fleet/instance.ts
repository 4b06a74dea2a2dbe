/** One instance of the app, as a process of its own: Express, with its state on Redis. */
import { subscribe } from 'node:diagnostics_channel'
import { createServer } from 'node:http'
import express from 'express'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { createDescopeClient, systemClock } from '@linkpass/core'
import { formatOption } from '@linkpass/core/internal'
import { createAuth, getSession } from '@linkpass/express'
import { redisStore } from '@linkpass/redis'

/** How an instance is started. */
export interface InstanceOptions {
  readonly port: number
  readonly appUrl: string
  readonly projectId: string
  readonly baseUrl: string
  readonly redisPort: number
  readonly redisPassword: string | undefined
  readonly client: 'redis' | 'ioredis'
  readonly secrets: readonly string[]
  readonly onStoreError: 'deny' | 'allow'
  readonly refreshGraceSeconds: number | undefined
  /** By how much its clock is ahead. */
  readonly aheadMs: number
  /** The number of the format that it writes. */
  readonly format: number
  readonly limits: boolean
}

/** What an instance tells: that it serves, what Node warned of, and its figures when it is asked. */
export type InstanceMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'figures'; readonly refreshes: number; readonly heapBytes: number }

const options: InstanceOptions = JSON.parse(process.argv[2] ?? '{}')
const tell = (message: InstanceMessage): void => void process.send?.(message)
process.on('warning', ({ message }) => tell({ type: 'warning', text: message }))
process.on('disconnect', () => process.exit())

let refreshes = 0
subscribe('linkpass:request:end', (event) => {
  const isEnd = typeof event === 'object' && event !== null
  if (!isEnd || !('endpoint' in event) || !('status' in event)) return
  // Another status is that of an instance which asks for the service's time.
  if (event.endpoint === 'refresh' && event.status === 200) refreshes += 1
})
let password = options.redisPassword
const redis = await connect()
process.on('message', (message: 'figures' | { readonly password: string }) => {
  if (message !== 'figures') {
    password = message.password
    if (redis instanceof Redis) redis.options.password = password
    return
  }
  globalThis.gc?.()
  tell({ type: 'figures', refreshes, heapBytes: process.memoryUsage().heapUsed })
})
const store = redisStore(redis, { prefix: 'fleet:', logger: { warn: () => {} } })
const clientOptions = {
  projectId: options.projectId,
  baseUrl: options.baseUrl,
  store,
  clock: { ...systemClock, now: () => Date.now() + options.aheadMs },
  clockToleranceSeconds: 0,
  revocation: { onStoreError: options.onStoreError },
  ...(options.refreshGraceSeconds && { refreshGraceSeconds: options.refreshGraceSeconds }),
  [formatOption]: options.format,
}
const client = createDescopeClient(clientOptions)
const auth = createAuth(client, {
  appUrl: options.appUrl,
  cookieSecret: [...options.secrets],
  methods: ['email', 'enchanted'],
  approval: 'button',
  // All browsers come from one address.
  limits: options.limits && { perIp: 1000 },
})
const app = express()
app.use('/auth', auth.router())
app.get('/me', auth.requireSession(), (req, res) => {
  res.json({ userId: getSession(req).userId })
})
// On a busy machine the keys may come late: then the first request fetches them.
await client.warmUp().catch(() => {})
createServer(app).listen(options.port, '127.0.0.1', () => tell({ type: 'ready' }))

async function connect() {
  const { redisPort, client: kind } = options
  const wait = (times: number): number => Math.min(50 * times, 500)
  if (kind === 'ioredis') {
    return new Redis(redisPort, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: wait,
      ...(password !== undefined && { password }),
    })
  }
  const client = createClient({
    url: `redis://127.0.0.1:${redisPort}`,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: wait },
    credentialsProvider: {
      type: 'async-credentials-provider',
      credentials: async () => (password === undefined ? {} : { password }),
    },
  })
  client.on('error', () => {})
  return client.connect()
}
