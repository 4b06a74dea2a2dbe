/** Subscribes, and closes its client once the server is gone, without closing the store. */
import { eventually } from '@linkpass/testing'
import { redisStore } from '../../src/index.ts'
import { clients } from '../clients.ts'

const [name, port] = process.argv.slice(2)
const open = clients[name === 'ioredis' ? name : 'redis']
const { client, close, isReady } = await open(Number(port))
const store = redisStore(client, { logger: { warn: () => {} } })
await store.set('any', 'x', 60_000)
await store.subscribe?.('hints', () => {})
process.stdout.write('subscribed')
await eventually('the client is cut off', () => !isReady())
close()
