// The guards that are compared, each in front of the same route in a server process of its own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createLoad } from './load.mjs'
import { pin } from './pin.mjs'

const CONNECTIONS = 32

export const INCUMBENT = '@descope/node-sdk by hand'
export const NOOP = 'no-op middleware'
export const GUARDS = [
  'bare route',
  NOOP,
  'linkpass',
  'linkpass, cacheControl: false',
  INCUMBENT,
  'express-oauth2-jwt-bearer',
  '@clerk/express',
]

/**
 * Starts one server and opens connections to it. Every request carries the next of `tokens`.
 *
 * @param program the file of the server @default Express
 * @param on what a Fetch handler runs on
 */
export async function startServer(
  guard,
  { issuer, keys, tokens, program = 'express-server.mjs', on = 'hono' },
) {
  const child = fork(new URL(program, import.meta.url), {
    env: {
      ...process.env,
      ON: on,
      NODE_ENV: 'production',
      GUARD: guard,
      KEYS: keys,
      JWK: JSON.stringify(issuer.jwk),
      PEM: issuer.publicKeyPem,
    },
  })
  const [{ url }] = await once(child, 'message')
  pin(child.pid, 0)
  const load = createLoad(url, {
    connections: CONNECTIONS,
    headersOf: (request) => headersOf(guard, tokens[request % tokens.length]),
  })
  const usage = async () => {
    child.send('usage')
    return (await once(child, 'message'))[0]
  }
  return {
    /** Under full load for so long: microseconds per request by the clock, of CPU and of collections, and p99. */
    async slice(ms) {
      const before = await usage()
      const { us, responses, p99Ms } = await load.run(ms)
      const after = await usage()
      const cpuUs = (after.cpuUs - before.cpuUs) / responses
      const collectionUs = (after.collectionUs - before.collectionUs) / responses
      return { us, p99Ms, cpuUs, collectionUs }
    },
    atRate: (perSecond, ms) => load.atRate(perSecond, ms),
    async stop() {
      await load.close()
      child.kill()
    },
  }
}

// Each guard is sent the one credential that it reads; both headers are about as long.
function headersOf(guard, token) {
  const bearer = guard === 'express-oauth2-jwt-bearer' || guard === '@clerk/express'
  if (bearer) return { cookie: 'theme=dark; lang=en', authorization: `Bearer ${token}` }
  return { cookie: `theme=dark; DS=${token}; lang=en` }
}
