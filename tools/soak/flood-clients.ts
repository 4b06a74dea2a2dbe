/** The clients of flood.ts, in a process of their own: each posts one made-up token after the other. */
import { Agent, request } from 'undici'

interface Order {
  readonly url: string
  readonly state: string
  readonly clients: number
}

const agent = new Agent({ connections: 1000 })
const run = { posted: 0, hasEnded: false }

process.on('message', (order: Order | 'stop') => {
  if (order === 'stop') run.hasEnded = true
  else void attackAll(order)
})

async function attackAll(order: Order): Promise<void> {
  await Promise.all(Array.from({ length: order.clients }, (_, client) => attack(order, client)))
  process.send?.(run.posted)
}

async function attack({ url, state, clients }: Order, client: number): Promise<void> {
  for (let round = 0; !run.hasEnded; round += 1) {
    const status = await post(`${url}/auth/verify`, { t: `made-up-${client}-${round}`, state })
    run.posted += 1
    if (run.posted === clients) process.send?.('started')
    // A client that is told to wait comes back in a second, sooner than it was told.
    if (status === 429) await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

/** The status of the response; undefined if the connection broke. */
async function post(url: string, body: object): Promise<number | undefined> {
  try {
    const response = await request(url, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    })
    await response.body.dump()
    return response.statusCode
  } catch {
    return undefined
  }
}
