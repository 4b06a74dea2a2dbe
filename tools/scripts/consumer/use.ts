// Type-checks against the published declarations, with the strictest settings a user may have; also
// as CommonJS, under the name use.cts.
import { createDescopeClient, type DescopeClient } from '@linkpass/core'
import { stateStoreConformance } from '@linkpass/core/conformance'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { createAuth, getSession } from '@linkpass/express'
import { redisStore } from '@linkpass/redis'
import { type SignedIn, createAuth as createFetchAuth } from '@linkpass/fetch'
import { createWebAuth } from '@linkpass/web'
import '@linkpass/express/register'
import express from 'express'
import { Cluster, Redis } from 'ioredis'
import { createClient, createCluster, createSentinel } from 'redis'

const client: DescopeClient = createDescopeClient({ projectId: `P${'a'.repeat(27)}` })
const auth = createAuth(client, { appUrl: 'http://localhost:3000' })
const app = express()
app.use('/auth', auth.router())
app.get('/me', auth.requireSession(), (req, res) => {
  const userId: string = getSession(req).userId
  res.json({ userId })
})

export async function signIn(): Promise<number> {
  const result = await client.magicLink.verify('token')
  return result.ok ? result.data.sessionJwt.length : result.error.errorCode.length
}

export const starting: Promise<Emulator> = startEmulator()
export const others: object[] = [stateStoreConformance, createWebAuth]
export const stores: object[] = [
  redisStore(createClient({ disableOfflineQueue: true }), { prefix: 'shop:' }),
  redisStore(createCluster({ rootNodes: [], defaults: { disableOfflineQueue: true } })),
  redisStore(createSentinel({ name: 'main', sentinelRootNodes: [{ host: 'localhost', port: 1 }] })),
  redisStore(new Redis({ enableOfflineQueue: false, maxRetriesPerRequest: 0 })),
  redisStore(new Cluster([], { enableOfflineQueue: false })),
]

const fetchAuth = createFetchAuth(client, { appUrl: 'http://localhost:3000' })
const guard = fetchAuth.requireSession()
export async function respond(request: Request): Promise<Response> {
  const served = fetchAuth.handler(request, { ip: undefined })
  if (served !== undefined) return served
  // oxlint-disable-next-line typescript/no-redundant-type-constituents -- no types before a build
  const passed: SignedIn | Response = await guard(request)
  return passed instanceof Response ? passed : passed.apply(new Response(passed.session.userId))
}
