// How much heap and how many timers 10,000 open streams take, above those of Express alone.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Agent, request } from 'undici'
import { table } from './rounds.mjs'
import { createIssuer, createStub } from './tokens.mjs'

const STREAMS = 10_000
const issuer = await createIssuer('ES256')
const stub = await createStub({ jwk: issuer.jwk })

async function measure(STREAM, cookies) {
  const server = fork(new URL('streams-server.mjs', import.meta.url), [], {
    env: { ...process.env, KEYS: stub.url, STREAM },
    execArgv: ['--expose-gc'],
  })
  const ask = async () => {
    server.send('measure')
    return (await once(server, 'message'))[0]
  }
  const [{ port }] = await once(server, 'message')
  const openOne = async (cookie) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nCookie: DS=${cookie}\r\n\r\n`)
    const [data] = await once(socket, 'data')
    if (!data.toString().startsWith('HTTP/1.1 200')) throw new Error(data.toString().slice(0, 80))
    return socket
  }
  // A page of the user came before, so that the session is cached, as the bench of memory counts it.
  const agent = new Agent({ connections: 20 })
  for (let at = 0; at < 2 * STREAMS; at += 100) {
    const some = cookies.slice(at % STREAMS, (at % STREAMS) + 100)
    const seen = some.map(async (cookie) => {
      const headers = { cookie: `DS=${cookie}` }
      const { body } = await request(`http://127.0.0.1:${port}/seen`, {
        headers,
        dispatcher: agent,
      })
      await body.dump()
    })
    await Promise.all(seen)
  }
  await agent.close()
  // What the first request loads is not counted.
  const sockets = [await openOne(cookies[0])]
  const before = await ask()
  for (let at = 0; at < STREAMS; at += 100) {
    sockets.push(...(await Promise.all(cookies.slice(at, at + 100).map(openOne))))
  }
  const after = await ask()
  if (after.open !== STREAMS + 1) throw new Error(`Only ${after.open} streams are open.`)
  server.disconnect()
  await once(server, 'exit')
  for (const socket of sockets) socket.destroy()
  return { bytes: (after.heap - before.heap) / STREAMS, timers: after.timers - before.timers }
}

const tokens = []
for (let index = 0; index < STREAMS; index += 1) tokens.push(await issuer.mint())
const shared = Array.from({ length: STREAMS }, () => tokens[0])
const rows = []
for (const { users, cookies } of [
  { users: 'one user', cookies: shared },
  { users: 'a user each', cookies: tokens },
]) {
  const bare = await measure('no guard', cookies)
  for (const stream of ['guard', 'guard and sessionEnded']) {
    const { bytes, timers } = await measure(stream, cookies)
    rows.push([
      `${stream}, ${users}`,
      `${((bytes - bare.bytes) / 1000).toFixed(2)} kB`,
      String(timers),
    ])
  }
}
table(
  `Heap of ${STREAMS.toLocaleString('en')} open streams above Express alone, and timers`,
  ['', 'each', 'timers of all'],
  rows,
)
await stub.close()
