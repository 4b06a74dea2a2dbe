/** How the store uses a client, whichever it is. */
export interface Connection {
  /** How a client of a cluster is created in place of this one; absent if it is one, or follows a Sentinel. */
  readonly clusterLine?: string
  /**
   * Sends one command, at most once. Rejects at once while there is no connection.
   *
   * @param key the one key that the command uses, which says where in a cluster it goes
   * @param isWanted whether the caller still waits
   */
  send(key: string, command: readonly string[], isWanted: () => boolean): Promise<unknown>
  /** Subscribes, on a connection of its own. */
  subscribe(channel: string, listener: (message: string) => void): Promise<void>
  /** Connects again, to whichever server has the address now. A cluster finds its servers itself. */
  reconnect(): void
  /** Closes what the store opened itself; the client stays open. */
  close(): void
}

/** The part of a client that reports errors. */
export interface Emitter {
  on(event: string, listener: (...args: unknown[]) => void): unknown
  listenerCount(event: string): number
  /** That of `ioredis`. */
  readonly status?: string
}

type Listener = (...args: unknown[]) => void

const heard = new WeakMap<Emitter, Map<string, Set<Listener>>>()

/** Any number of stores may use one client: Node warns of a leak when more than ten listen themselves. */
export function listen(client: Emitter, event: string, listener: Listener): () => void {
  const events = heard.get(client) ?? new Map<string, Set<Listener>>()
  heard.set(client, events)
  const listeners = events.get(event) ?? new Set()
  if (!events.has(event)) {
    client.on(event, (...args) => {
      for (const each of listeners) each(...args)
    })
  }
  events.set(event, listeners.add(listener))
  return () => listeners.delete(listener)
}

/**
 * Lets the errors of a client show in its operations alone, if the app does not listen to them: Node would
 * end the process, or ioredis print each.
 */
export function tolerateErrors(client: Emitter): void {
  if (client.listenerCount('error') === 0) client.on('error', () => {})
}

/** How long Redis may be silent while something waits for it, in milliseconds. */
export const silentMs = 2000

/**
 * Calls `again` where a server accepts a connection, and does not respond to what a client sends first: the
 * clients wait for that without end.
 */
export function limitHandshake(client: Emitter, again: () => void): void {
  let timer: NodeJS.Timeout | undefined
  const begin = (): void => {
    clearTimeout(timer)
    timer = setTimeout(again, silentMs).unref()
  }
  listen(client, 'connect', begin)
  if (client.status === 'connect') begin()
  for (const event of ['ready', 'error', 'close', 'end', 'reconnecting']) {
    listen(client, event, () => clearTimeout(timer))
  }
}

/** The error for a client option that does not fit. */
export function unfit(reason: string, line: string): TypeError {
  return new TypeError(`redisStore: ${reason} Create the client with ${line}`)
}

/** What a client was created with; empty if it does not tell. */
export function optionsIn(options: unknown): Readonly<Record<string, unknown>> {
  return typeof options === 'object' && options !== null ? { ...options } : {}
}
