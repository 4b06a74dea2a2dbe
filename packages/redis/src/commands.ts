import type { StoreCall } from '@linkpass/core'
import { type Connection, silentMs, unfit } from './connection.ts'
import type { Script } from './scripts.ts'

/** The most commands that wait for a response; past that, operations fail at once. */
const maxWaiting = 10_000

/** How often a server is left because it is a replica, in milliseconds: what reads from it works meanwhile. */
const leaveMs = 1000

/** Sends the commands of one store. */
export class Commands {
  readonly #connection: Connection
  readonly #prefix: string
  /** Called after the first response. */
  #onFirst: (() => void) | undefined
  #waiting = 0
  #heardAt = 0
  #leftAt = Number.NEGATIVE_INFINITY

  constructor(connection: Connection, prefix: string, onFirst: () => void) {
    this.#connection = connection
    this.#prefix = prefix
    this.#onFirst = onFirst
  }

  /** Runs a command that takes the key first. */
  run(name: string, key: string, args: readonly string[] = [], call?: StoreCall): Promise<unknown> {
    const at = this.#prefix + key
    return this.#send(at, [name, at, ...args], call)
  }

  /** Runs a script: by its hash, and if the server does not know it, by its text. */
  async script(
    { sha1, text }: Script,
    key: string,
    args: readonly string[],
    call?: StoreCall,
  ): Promise<unknown> {
    const at = this.#prefix + key
    try {
      return await this.#send(at, ['EVALSHA', sha1, '1', at, ...args], call)
    } catch (error) {
      if (!startsWith(error, 'NOSCRIPT')) throw error
      return this.#send(at, ['EVAL', text, '1', at, ...args], call)
    }
  }

  /** Runs a command about the server, which has no key; in a cluster, about one of them. */
  server(...command: readonly string[]): Promise<unknown> {
    return this.#send(this.#prefix, command)
  }

  async #send(key: string, command: readonly string[], call?: StoreCall): Promise<unknown> {
    if (this.#waiting >= maxWaiting) throw new Error(`${maxWaiting} commands wait for Redis.`)
    if (this.#waiting === 0) this.#heardAt = performance.now()
    else if (this.#isSilent()) setImmediate(() => this.#replaceConnection())
    this.#waiting += 1
    try {
      const isWanted = (): boolean => call?.signal?.aborted !== true
      const response = await this.#connection.send(key, command, isWanted)
      this.#heardAt = performance.now()
      this.#onFirst?.()
      this.#onFirst = undefined
      return response
    } catch (error) {
      if (startsWith(error, 'READONLY')) this.#leaveReplica()
      throw this.#explained(error)
    } finally {
      this.#waiting -= 1
    }
  }

  /** The server was demoted; its address may lead to the new primary by now, or only later. */
  #leaveReplica(): void {
    const now = performance.now()
    if (now - this.#leftAt < leaveMs) return
    this.#leftAt = now
    this.#connection.reconnect()
  }

  /** Only a client of a cluster follows a key to another node. */
  #explained(error: unknown): unknown {
    const line = this.#connection.clusterLine
    if (line === undefined || !(startsWith(error, 'MOVED ') || startsWith(error, 'ASK ')))
      return error
    return unfit('this client is for one server, and it is connected to a node of a cluster.', line)
  }

  #isSilent(): boolean {
    return this.#waiting > 0 && performance.now() - this.#heardAt > silentMs
  }

  // Later than what the process has received but not read, as after a pause.
  #replaceConnection(): void {
    if (!this.#isSilent()) return
    this.#heardAt = performance.now()
    this.#connection.reconnect()
  }
}

function startsWith(error: unknown, code: string): boolean {
  return error instanceof Error && error.message.startsWith(code)
}
