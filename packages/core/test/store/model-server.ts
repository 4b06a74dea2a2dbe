import type { StateStore } from '../../src/store/state-store.ts'
import type { StateStoreHarness } from '../../src/store/conformance.ts'

/** What a key holds. A value without an end stays forever. */
interface Held {
  value: string | string[]
  endsAt: number
}

/**
 * A server with a few commands of Redis, in memory: each command is atomic and takes a turn of the
 * event loop. Wrong stores are modelled on it.
 */
export class ModelServer {
  now = 1_000_000
  isUp = true
  /** What runs once it is up again. */
  readonly onStart: (() => Promise<unknown>)[] = []
  readonly scripts = new Set<string>()
  readonly #held = new Map<string, Held>()

  read(key: string): Held | undefined {
    const held = this.#held.get(key)
    if (held === undefined || held.endsAt > this.now) return held
    this.#held.delete(key)
    return undefined
  }

  text(key: string): string | undefined {
    const value = this.read(key)?.value
    return typeof value === 'string' ? value : undefined
  }

  log(key: string): string[] {
    const value = this.read(key)?.value
    return Array.isArray(value) ? value : []
  }

  write(key: string, value: string | string[], endsAt: number = Number.POSITIVE_INFINITY): void {
    this.#held.set(key, { value, endsAt })
  }

  /** PEXPIRE. */
  expire(key: string, ttlMs: number): void {
    const held = this.read(key)
    if (held !== undefined) held.endsAt = this.now + ttlMs
  }

  /** INCR: it keeps the time to live, and a new count has none. */
  count(key: string): number {
    const held = this.read(key)
    const count = Number(held?.value ?? 0) + 1
    this.write(key, String(count), held?.endsAt)
    return count
  }

  /** RPUSH. */
  push(key: string, entry: string): void {
    this.write(key, [...this.log(key), entry], this.read(key)?.endsAt)
  }

  remove(key: string): void {
    this.#held.delete(key)
  }

  restart(): void {
    this.scripts.clear()
  }
}

/** A connection to the server, as a client of one instance has it. */
export class ModelConnection {
  readonly server: ModelServer
  isCut = false
  onCommand: (() => void | Promise<void>) | undefined

  constructor(server: ModelServer) {
    this.server = server
  }

  /** Sends a command, and resolves to its response. */
  async send<T>(command: (server: ModelServer) => T): Promise<T> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#requireServer()
    const response = command(this.server)
    await this.onCommand?.()
    this.#requireServer()
    return response
  }

  /** EVALSHA: fails unless the script was loaded since the server started. */
  async runLoaded<T>(script: string, command: (server: ModelServer) => T): Promise<T> {
    return this.send((server) => {
      if (!server.scripts.has(script)) throw new Error('NOSCRIPT No matching script.')
      return command(server)
    })
  }

  /** EVAL, which also loads the script. */
  async run<T>(script: string, command: (server: ModelServer) => T): Promise<T> {
    return this.send((server) => {
      server.scripts.add(script)
      return command(server)
    })
  }

  #requireServer(): void {
    if (this.isCut) throw new Error('The connection is closed.')
    if (!this.server.isUp) throw new Error('The server is unavailable.')
  }
}

/** Rejects a time to live that the interface does not allow. */
export function wholeMs(ttlMs: number): number {
  if (Number.isSafeInteger(ttlMs) && ttlMs >= 1) return ttlMs
  throw new RangeError('ttlMs must be a whole number from 1.')
}

/** A store that conforms, on the server: one command per operation. */
export function modelStore(connection: ModelConnection, prefix = 'app:'): StateStore {
  const at = (key: string): string => prefix + key
  return {
    get: (key) => connection.send((server) => server.text(at(key))),
    getMany: (keys) => connection.send((server) => keys.map((key) => server.text(at(key)))),
    set: async (key, value, ttlMs) => {
      const ms = wholeMs(ttlMs)
      await connection.send((server) => server.write(at(key), value, server.now + ms))
    },
    setIfAbsent: async (key, value, ttlMs) => {
      const ms = wholeMs(ttlMs)
      return connection.send((server) => {
        const found = server.text(at(key))
        if (found === undefined) server.write(at(key), value, server.now + ms)
        return found
      })
    },
    replaceIf: async (key, expected, value, ttlMs) => {
      const ms = wholeMs(ttlMs)
      return connection.run('replaceIf', (server) => {
        if (server.text(at(key)) !== expected) return false
        server.write(at(key), value, server.now + ms)
        return true
      })
    },
    deleteIf: (key, expected) =>
      connection.run('deleteIf', (server) => {
        if (server.text(at(key)) !== expected) return false
        server.remove(at(key))
        return true
      }),
    delete: (key) => connection.send((server) => server.remove(at(key))),
    increment: async (key, ttlMs) => {
      const ms = wholeMs(ttlMs)
      return connection.run('increment', (server) => {
        const count = server.count(at(key))
        if (count === 1) server.expire(at(key), ms)
        return count
      })
    },
    append: async (key, entry, ttlMs) => {
      const ms = wholeMs(ttlMs)
      await connection.run('append', (server) => {
        const endsAt = server.read(at(key))?.endsAt ?? 0
        server.push(at(key), entry)
        server.expire(at(key), Math.max(ms, endsAt - server.now))
      })
    },
    readFrom: (key, index) => connection.send((server) => server.log(at(key)).slice(index)),
  }
}

/** Makes a store for a connection; `app` is the name of the app that uses it. */
export type MakeStore = (connection: ModelConnection, app: string) => StateStore

/** A harness on a new server, with every part. */
export function modelHarness(make: MakeStore): StateStoreHarness {
  const server = new ModelServer()
  const own = new ModelConnection(server)
  return {
    store: make(own, 'app'),
    other: make(new ModelConnection(server), 'app'),
    neighbour: make(new ModelConnection(server), 'neighbour'),
    advance: (ms) => {
      server.now += ms
    },
    stop: () => {
      server.isUp = false
    },
    start: async () => {
      server.isUp = true
      for (const run of server.onStart.splice(0)) await run()
    },
    restart: () => server.restart(),
    onCommand: (listener) => {
      own.onCommand = listener
    },
    cut: () => {
      own.isCut = true
    },
    reconnect: () => {
      own.isCut = false
    },
  }
}
