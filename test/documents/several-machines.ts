import cluster from 'node:cluster'
import express from 'express'
import { createClient } from 'redis'
import { createDescopeClient, clientOptionsFromEnv } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import { redisStore } from '@linkpass/redis'

// Three processes of one machine, which share nothing but Redis and the secret.
if (cluster.isPrimary) for (let count = 0; count < 3; count += 1) cluster.fork()
else await startInstance()

async function startInstance() {
  const url = process.env['REDIS_URL'] ?? 'redis://localhost:6379'
  const redis = createClient({ url, disableOfflineQueue: true })
  redis.on('error', (error) => console.error('redis:', error.message))
  await redis.connect()
  const client = createDescopeClient({
    ...clientOptionsFromEnv(),
    store: redisStore(redis, { prefix: 'shop:' }),
    revocation: { onStoreError: 'deny' },
  })
  const cookieSecret = process.env['COOKIE_SECRET'] ?? ''
  const auth = createAuth(client, { appUrl: 'http://localhost:3000', cookieSecret })

  const app = express()
  app.use((_req, res, next) => {
    res.set('X-Instance', String(process.pid))
    next()
  })
  app.use('/auth', auth.router())
  app.get('/me', auth.requireSession(), (req, res) => {
    res.json({ userId: getSession(req).userId })
  })
  const server = app.listen(3000)
  process.on('SIGTERM', () => {
    auth.close()
    server.close(() => {
      void client.close().then(() => redis.destroy())
    })
  })
}
