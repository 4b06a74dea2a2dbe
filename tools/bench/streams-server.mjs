// Server-sent events in a process of its own. STREAM names what is in front of them.
import { once } from 'node:events'
import express from 'express'
import { projectId } from './tokens.mjs'

const { KEYS, STREAM } = process.env
const { createDescopeClient } = await import('../../packages/core/dist/index.js')
const { createAuth } = await import('../../packages/express/dist/index.js')

// The cache has room for all sessions, so that each is counted there and not as a part of its stream.
const cache = { maxEntries: 100_000, maxBytes: 1e9 }
const client = createDescopeClient({ projectId, baseUrl: KEYS, cache })
const auth = createAuth(client, {
  appUrl: 'http://localhost:3000',
  cookieSecret: 'x'.repeat(32),
  cookies: { names: { session: 'DS' } },
})
await client.warmUp()

let open = 0
const app = express()
app.get('/seen', auth.requireSession(), (_req, res) => res.end())
app.get('/', ...(STREAM === 'no guard' ? [] : [auth.requireSession()]), (req, res) => {
  res.writeHead(200, { 'Content-Type': 'text/event-stream' })
  res.write('data: hello\n\n')
  if (STREAM === 'guard and sessionEnded') {
    auth.sessionEnded(req).addEventListener('abort', () => res.end())
  }
  open += 1
})
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send({ port: server.address().port })
process.on('message', () => {
  globalThis.gc()
  globalThis.gc()
  const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  process.send({ heap: process.memoryUsage().heapUsed, timers, open })
})
process.on('disconnect', () => process.exit())
