// A key, a key server that counts its requests, and any number of valid session tokens.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'

export const projectId = `P${'bench'.padEnd(27, '0')}`

export async function createIssuer(alg = 'RS256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), alg, kid: 'bench-key', use: 'sig' }
  let n = 0
  return {
    alg,
    jwk,
    publicKeyPem: await exportSPKI(publicKey),
    async mint({ kid = 'bench-key', expiresIn = 3600, claims = {} } = {}) {
      const now = Math.floor(Date.now() / 1000)
      return await new SignJWT({
        drn: 'DS',
        amr: ['email'],
        roles: ['member'],
        permissions: ['read', 'write'],
        tenants: { T1: { roles: ['admin'], permissions: ['invoice:write'] } },
        email: 'ada@example.test',
        name: 'A User With A Name',
        rexp: new Date((now + 2_419_200) * 1000).toISOString(),
        jti: String(n++),
        ...claims,
      })
        .setProtectedHeader({ alg, kid, typ: 'JWT' })
        .setIssuer(projectId)
        .setAudience('bench')
        .setSubject(`U2benchuser${n % 1000}`)
        .setIssuedAt(now)
        .setExpirationTime(now + expiresIn)
        .sign(privateKey)
    },
    async mintMany(count, options) {
      const tokens = []
      for (let i = 0; i < count; i++) tokens.push(await this.mint(options))
      return tokens
    },
  }
}

/** Serves the key set as the service does, and the sign-in calls with a fixed response. */
export async function createStub({ jwk, response = {}, delayMs = 0 } = {}) {
  const counts = { keys: 0, posts: 0, sockets: 0 }
  const keys = JSON.stringify({ keys: jwk ? [jwk] : [] })
  const body = JSON.stringify(response)
  const server = createServer((req, res) => {
    const isKeys = req.url.includes('/keys/') || req.url.includes('jwks')
    if (isKeys) counts.keys++
    else counts.posts++
    const respond = () => {
      res.setHeader('content-type', 'application/json')
      res.end(isKeys ? keys : body)
    }
    req.resume()
    req.on('end', () => (delayMs > 0 ? setTimeout(respond, delayMs) : respond()))
  })
  server.keepAliveTimeout = 60_000
  server.on('connection', () => counts.sockets++)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    counts,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  }
}

/** A string with the same characters that no engine has hashed yet, as one from a header is. */
export const fresh = (token) => Buffer.from(token, 'latin1').toString('latin1')

/** The same stub in a process of its own, so that its CPU time is not the caller's. */
export async function forkStub() {
  const child = fork(new URL('stub-process.mjs', import.meta.url))
  const [url] = await once(child, 'message')
  return {
    url,
    sockets: async () => {
      child.send('sockets?')
      return (await once(child, 'message'))[0]
    },
    close: () => child.kill(),
  }
}
