import type { Pool } from 'undici'
import type { Config } from '../options.ts'
import { Exchange, type Limits, type WireResponse } from './exchange.ts'
import { loadPool } from './pool.ts'

/** One request, ready to be written. */
export interface WireRequest {
  readonly method: 'GET' | 'POST'
  /** From the root of the service, such as `/v1/auth/me`. */
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | null
}

/** The only way out to the network. */
export interface Transport {
  /**
   * Sends once and reads the whole answer, whatever its status; follows no redirect.
   *
   * Rejects with {@link RequestError} `ERR_NETWORK`, `ERR_TIMEOUT`, `ERR_ABORTED` or
   * `ERR_RESPONSE_INVALID` (more than 1 MiB).
   */
  send(request: WireRequest, limits: Limits): Promise<WireResponse>
  /** Lets requests under way finish, then releases the connections. */
  close(): Promise<void>
}

/**
 * Connections to one origin, kept alive: a pool of our own, or the caller's dispatcher.
 * No connection is made before the first request.
 */
export async function createTransport(config: Config): Promise<Transport> {
  const { origin, pathname } = new URL(config.baseUrl)
  const prefix = pathname === '/' ? '' : pathname
  // The caller's dispatcher is the caller's to close.
  const own = config.dispatcher === undefined
  const dispatcher = config.dispatcher ?? (await createPool(origin, config.poolSize))
  return {
    send: (request, limits) =>
      new Promise((resolve, reject) => {
        const exchange = new Exchange(limits, resolve, reject)
        const { method, headers, body } = request
        try {
          dispatcher.dispatch(
            { origin, path: prefix + request.path, method, headers, body },
            exchange,
          )
        } catch (error) {
          // undici throws on a dispatcher that was destroyed; a caller sees one kind of failure.
          exchange.onResponseError(undefined, error)
        }
      }),
    close: async () => {
      if (own) await dispatcher.close()
    },
  }
}

async function createPool(origin: string, connections: number): Promise<Pool> {
  const PoolAlone = await loadPool()
  // Deadlines are the exchange's, from call to last byte; undici's own two would only add timers.
  return new PoolAlone(origin, { connections, headersTimeout: 0, bodyTimeout: 0 })
}
