import { clientOptionsFromEnv, createDescopeClient } from '@linkpass/core'
import { redisStore } from '@linkpass/redis'
import { createClient } from 'redis'

const url = process.env['REDIS_URL'] ?? 'redis://localhost:6379'
const redis = createClient({ url, disableOfflineQueue: true })
redis.on('error', (error) => console.error('redis:', error.message))
await redis.connect()

const store = redisStore(redis, { prefix: 'shop:' })
export const client = createDescopeClient({
  ...clientOptionsFromEnv(),
  store,
  revocation: { onStoreError: 'deny' },
})

export async function close() {
  await client.close()
  await store.close?.()
  redis.destroy()
}
