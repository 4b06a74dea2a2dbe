import { BoundedMap } from '../bounded-map.ts'
import { abortReason } from '../clock.ts'
import { randomId } from '../random.ts'
import { loginIdKey } from '../users/login-id.ts'
import { type Message, type OutgoingMessage, viewLink } from './message.ts'

/** Which message to wait for. */
export interface WaitOptions {
  /** The address it was sent to; case does not matter. @default any */
  to?: string | undefined
  /** A message id: only later messages match. @default messages no earlier wait returned */
  after?: string | undefined
  /** Real time, in milliseconds. @default 10_000 */
  timeoutMs?: number | undefined
  signal?: AbortSignal | undefined
}

/** The dev inbox of a world: every message that the service would have sent. */
export interface Inbox {
  /** Newest first. */
  list(filter?: { to?: string | undefined }): readonly Message[]
  get(id: string): Message | undefined
  /**
   * Waits for the oldest message that matches.
   *
   * @throws {InboxTimeoutError} no message arrived in time; the error lists those that did
   */
  waitFor(options?: WaitOptions): Promise<Message>
}

/** No message arrived in time. */
export class InboxTimeoutError extends Error {
  override readonly name = 'InboxTimeoutError'
  /** The addresses of the messages in the inbox, newest first. */
  readonly arrived: readonly string[]

  constructor(to: string | undefined, timeoutMs: number, arrived: readonly string[]) {
    const expected = to === undefined ? 'No message' : `No message to ${to}`
    const found =
      arrived.length === 0
        ? 'The inbox is empty.'
        : `The inbox has messages to: ${arrived.join(', ')}.`
    super(`${expected} arrived within ${timeoutMs} ms. ${found}`)
    this.arrived = arrived
  }
}

interface Stored {
  readonly message: OutgoingMessage & { readonly id: string; readonly createdAt: number }
  /** Counts up, so that `after` works for messages of the same millisecond. */
  readonly order: number
  returnedByWait: boolean
}

/** The inbox as the emulator uses it. It keeps the `maxMessages` newest messages. */
export class Mailbox implements Inbox {
  readonly #now: () => number
  readonly #onArrival: (message: Message) => void
  readonly #stored: BoundedMap<string, Stored>
  /** Called after each arrival. */
  readonly #waits = new Set<() => void>()
  #order = 0

  constructor(now: () => number, maxMessages: number, onArrival: (message: Message) => void) {
    this.#now = now
    this.#onArrival = onArrival
    this.#stored = new BoundedMap(maxMessages)
  }

  list({ to }: { to?: string | undefined } = {}): readonly Message[] {
    return [...this.#stored.values()]
      .filter(({ message }) => to === undefined || sameAddress(message.to, to))
      .toReversed()
      .map((entry) => this.#view(entry))
  }

  get(id: string): Message | undefined {
    const entry = this.#stored.get(id)
    return entry && this.#view(entry)
  }

  waitFor(options: WaitOptions = {}): Promise<Message> {
    const { timeoutMs = 10_000, signal } = options
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        this.#waits.delete(check)
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        act()
      }
      const check = (): void => {
        const message = this.#takeNext(options)
        if (message) settle(() => resolve(message))
      }
      const abort = (): void => settle(() => reject(abortReason(signal)))
      const timer = setTimeout(() => {
        const arrived = this.list().map((message) => message.to)
        settle(() => reject(new InboxTimeoutError(options.to, timeoutMs, arrived)))
      }, timeoutMs)
      if (signal?.aborted) return abort()
      signal?.addEventListener('abort', abort, { once: true })
      this.#waits.add(check)
      check()
    })
  }

  put(outgoing: OutgoingMessage): void {
    this.#order += 1
    const message = { ...outgoing, id: randomId('M'), createdAt: this.#now() }
    const entry: Stored = { message, order: this.#order, returnedByWait: false }
    this.#stored.set(message.id, entry)
    this.#onArrival(this.#view(entry))
    for (const check of this.#waits) check()
  }

  clear(): void {
    this.#stored.clear()
  }

  #view({ message }: Stored): Message {
    const links = message.links.map((link) => viewLink(link, this.#now()))
    return { ...message, links }
  }

  #takeNext({ to, after }: WaitOptions): Message | undefined {
    const from = after === undefined ? undefined : (this.#stored.get(after)?.order ?? 0)
    for (const entry of this.#stored.values()) {
      if (to !== undefined && !sameAddress(entry.message.to, to)) continue
      if (from === undefined ? entry.returnedByWait : entry.order <= from) continue
      entry.returnedByWait = true
      return this.#view(entry)
    }
    return undefined
  }
}

function sameAddress(a: string, b: string): boolean {
  return loginIdKey(a) === loginIdKey(b)
}
