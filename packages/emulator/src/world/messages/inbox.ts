import { BoundedMap } from '../bounded-map.ts'
import { abortReason } from '../clock.ts'
import { type Message, type OutgoingMessage, viewLink } from './message.ts'
import { randomId } from '../random.ts'
import { loginIdKey } from '../users/user-directory.ts'

/** Which message to wait for. */
export interface WaitOptions {
  /** The address it went to, in any case. @default any */
  to?: string | undefined
  /** The id of a message: only later ones count. @default those no earlier wait returned */
  after?: string | undefined
  /** Real time, in milliseconds. @default 10_000 */
  timeoutMs?: number | undefined
  signal?: AbortSignal | undefined
}

/** The dev inbox of a world: everything the service would have sent. */
export interface Inbox {
  /** Newest first. */
  list(filter?: { to?: string | undefined }): readonly Message[]
  get(id: string): Message | undefined
  /**
   * The oldest message that matches, once there is one.
   *
   * @throws {InboxTimeoutError} none came in time; the message says what did
   */
  waitFor(options?: WaitOptions): Promise<Message>
}

/** The inbox from the inside. */
export interface Mailbox extends Inbox {
  put(message: OutgoingMessage): Message
  clear(): void
}

/** No message came in time. */
export class InboxTimeoutError extends Error {
  override readonly name = 'InboxTimeoutError'
  /** The addresses of what is in the inbox, newest first. */
  readonly arrived: readonly string[]

  constructor(to: string | undefined, timeoutMs: number, arrived: readonly string[]) {
    const wanted = to === undefined ? 'No message' : `No message to ${to}`
    const there = arrived.length === 0 ? 'the inbox is empty' : `there are: ${arrived.join(', ')}`
    super(`${wanted} within ${timeoutMs} ms; ${there}.`)
    this.arrived = arrived
  }
}

interface Stored {
  readonly message: OutgoingMessage & { readonly id: string; readonly createdAt: number }
  /** Counts up, so that "after" means something within one millisecond. */
  readonly order: number
  waitedFor: boolean
}

/** An empty mailbox that keeps the `maxMessages` newest messages. `onArrival` hears of each. */
export function createMailbox(
  now: () => number,
  maxMessages: number,
  onArrival: (message: Message) => void,
): Mailbox {
  const stored = new BoundedMap<string, Stored>(maxMessages)
  const waiting = new Set<() => void>()
  let order = 0

  const view = ({ message }: Stored): Message => ({
    ...message,
    links: message.links.map((link) => viewLink(link, now())),
  })

  const list: Inbox['list'] = ({ to } = {}) =>
    [...stored.values()]
      .filter(({ message }) => to === undefined || sameAddress(message.to, to))
      .toReversed()
      .map(view)

  function next({ to, after }: WaitOptions): Message | undefined {
    const from = after === undefined ? undefined : (stored.get(after)?.order ?? 0)
    for (const entry of stored.values()) {
      if (to !== undefined && !sameAddress(entry.message.to, to)) continue
      if (from === undefined ? entry.waitedFor : entry.order <= from) continue
      entry.waitedFor = true
      return view(entry)
    }
    return undefined
  }

  return {
    list,
    get: (id) => {
      const entry = stored.get(id)
      return entry && view(entry)
    },
    waitFor: (options = {}) => {
      const { timeoutMs = 10_000, signal } = options
      return new Promise((resolve, reject) => {
        const settle = (act: () => void): void => {
          waiting.delete(look)
          clearTimeout(timer)
          signal?.removeEventListener('abort', abort)
          act()
        }
        const look = (): void => {
          const message = next(options)
          if (message) settle(() => resolve(message))
        }
        const abort = (): void => settle(() => reject(abortReason(signal)))
        const timer = setTimeout(() => {
          const arrived = list().map((message) => message.to)
          settle(() => reject(new InboxTimeoutError(options.to, timeoutMs, arrived)))
        }, timeoutMs)
        if (signal?.aborted) return abort()
        signal?.addEventListener('abort', abort, { once: true })
        waiting.add(look)
        look()
      })
    },
    put: (outgoing) => {
      order += 1
      const message = { ...outgoing, id: randomId('M'), createdAt: now() }
      const entry: Stored = { message, order, waitedFor: false }
      stored.set(message.id, entry)
      const arrived = view(entry)
      onArrival(arrived)
      for (const look of waiting) look()
      return arrived
    },
    clear: () => stored.clear(),
  }
}

function sameAddress(a: string, b: string): boolean {
  return loginIdKey(a) === loginIdKey(b)
}
