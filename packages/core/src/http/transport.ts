import type { Pool } from 'undici'
import type { Config } from '../options.ts'
import { acceptedEncodings } from './decode-body.ts'
import type { Limits } from '../on-abort.ts'
import { Exchange, type WireResponse } from './exchange.ts'
import { version } from './version.ts'

/** How many connections may be open: what the gates let through, and eight for urgent requests. */
const connections = 48
/** Who waits for whom: refreshes and key fetches for no other request, users for no stranger. */
export type Lane = 'urgent' | 'user' | 'anyone'

/**
 * How many requests may run at once, besides refreshes and key fetches: those with a user's token, and
 * all others. So no one can keep signed-in users waiting by calls that take no session, such as with
 * made-up tokens of links.
 */
const maxRunning = { user: 8, anyone: 32 }

export interface WireRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly token?: string | undefined
  /** JSON; null for a GET. */
  readonly body: string | null
  readonly lane: Lane
}

export type Transport = Awaited<ReturnType<typeof createTransport>>

/**
 * The only access to the network: kept-alive connections to the origin of `baseUrl`, of a pool or of the
 * caller's dispatcher. None is made before the first request.
 */
export async function createTransport(config: Config) {
  const { origin, pathname } = new URL(config.baseUrl)
  const prefix = pathname === '/' ? '' : pathname
  // A dispatcher of the caller is closed by the caller.
  const isOwn = config.dispatcher === undefined
  const dispatcher = config.dispatcher ?? (await createPool(origin))
  const gates = { user: new Gate(maxRunning.user), anyone: new Gate(maxRunning.anyone) }

  function start(request: WireRequest, exchange: Exchange): void {
    const { method, path, body } = request
    const headers = headersOf(request, config)
    try {
      dispatcher.dispatch({ origin, path: prefix + path, method, headers, body }, exchange)
    } catch (error) {
      // undici throws if the dispatcher was destroyed; the caller gets a rejection in any case.
      exchange.onResponseError(undefined, error)
    }
  }

  return {
    /**
     * Sends once and reads the whole response, whatever its status; follows no redirect.
     *
     * @throws {RequestError} `ERR_NETWORK`, `ERR_TIMEOUT`, `ERR_ABORTED`, `ERR_CLOSED`, or
     *   `ERR_RESPONSE_INVALID` for more than 1 MiB or an encoding that was not accepted
     */
    async send(request: WireRequest, limits: Limits): Promise<WireResponse> {
      const exchange = new Exchange(limits)
      if (request.lane === 'urgent') start(request, exchange)
      else {
        const gate = gates[request.lane]
        gate.enter(() => {
          if (exchange.hasEnded) return false
          const leave = (): void => gate.leave()
          exchange.response.then(leave, leave)
          start(request, exchange)
          return true
        })
      }
      return exchange.response
    },
    /** Lets running requests finish, then releases the connections. */
    async close(): Promise<void> {
      if (isOwn) await dispatcher.close()
    },
  }
}

/**
 * undici's `Pool`, without the rest of undici: its index also loads fetch, WebSockets, caches and
 * mocks, which takes twice as long as everything else that the first verified token waits for.
 */
async function createPool(origin: string): Promise<Pool> {
  // The path is not part of undici's API; if it moves, the pool is loaded from the index.
  const direct = await import('undici/lib/dispatcher/pool.js').catch(() => undefined)
  const PoolAlone = direct?.default ?? (await import('undici')).Pool
  // The exchange has the deadline, from the call to the last byte; undici's two would only add timers.
  return new PoolAlone(origin, { connections, headersTimeout: 0, bodyTimeout: 0 })
}

/**
 * The headers of a request (from the docs): the bearer is the project id, then the token that the call is made
 * with, then the authentication management key, joined by colons. The SDK name is our own.
 */
function headersOf(
  { token, body }: WireRequest,
  { projectId, authManagementKey }: Config,
): Record<string, string> {
  const bearer = [projectId, token, authManagementKey].filter((part) => part !== undefined)
  return {
    authorization: `Bearer ${bearer.join(':')}`,
    accept: 'application/json',
    'accept-encoding': acceptedEncodings,
    'user-agent': `linkpass/${version}`,
    'x-descope-project-id': projectId,
    'x-descope-sdk-name': 'linkpass',
    'x-descope-sdk-version': version,
    ...(body !== null && { 'content-type': 'application/json' }),
  }
}

/** Lets so many requests run at once. The others wait, in order. */
export class Gate {
  readonly #maxRunning: number
  readonly #waiting: (() => boolean)[] = []
  #running = 0

  constructor(maxRunning: number) {
    this.#maxRunning = maxRunning
  }

  /** @param start starts a request, unless it has ended while it waited; returns whether it did */
  enter(start: () => boolean): void {
    if (this.#running >= this.#maxRunning) this.#waiting.push(start)
    else if (start()) this.#running += 1
  }

  /** To be called once for each `start` that returned true. */
  leave(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next()) return
    }
    this.#running -= 1
  }
}
