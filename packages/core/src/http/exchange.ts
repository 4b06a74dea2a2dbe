import type { Dispatcher } from 'undici'
import type { RequestError } from '../errors.ts'
import { onAbort } from '../on-abort.ts'
import { aborted, disconnected, invalidResponse, timedOut } from './request-error.ts'

/** A response, read to its end. */
export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** How long one exchange may take, and a signal to end it early. */
export interface Limits {
  /** From the call to the last byte, in milliseconds. */
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

const maxBodyBytes = 1024 * 1024

/**
 * One request and its response, as a handler that undici calls: a total deadline, the caller's
 * signal, and a body of at most 1 MiB. Settles once; anything undici reports later is ignored.
 *
 * A handler rather than `request()`, whose stream and body object cost more than all of this.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (response: WireResponse) => void
  readonly #reject: (error: RequestError) => void
  readonly #deadline: NodeJS.Timeout
  readonly #unfollow: (() => void) | undefined
  #controller: Dispatcher.DispatchController | undefined
  #settled = false
  #status = 0
  #headers: WireResponse['headers'] = {}
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(
    limits: Limits,
    resolve: (response: WireResponse) => void,
    reject: (error: RequestError) => void,
  ) {
    this.#resolve = resolve
    this.#reject = reject
    const { timeoutMs, signal } = limits
    this.#deadline = setTimeout(() => this.#fail(timedOut(this.#started)), timeoutMs)
    if (signal === undefined) return
    this.#unfollow = onAbort(signal, () => this.#fail(aborted(signal.reason, this.#started)))
  }

  // undici calls onRequestStart right before it writes, so after that the request may have been read.
  get #started(): boolean {
    return this.#controller !== undefined
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // It ended while it waited for a connection: abort before a byte is written.
    if (this.#settled) controller.abort(new Error('The call has ended.'))
    else this.#controller = controller
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: WireResponse['headers'],
  ): void {
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > maxBodyBytes) this.#fail(invalidResponse('is longer than 1 MiB'))
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (!this.#settle()) return
    const [first] = this.#chunks
    const body = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks)
    this.#resolve({ status: this.#status, headers: this.#headers, body: body.toString() })
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: unknown): void {
    if (this.#settle()) this.#reject(disconnected(error, this.#started))
  }

  #fail(error: RequestError): void {
    if (!this.#settle()) return
    this.#chunks = []
    this.#reject(error)
    this.#controller?.abort(error)
  }

  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    clearTimeout(this.#deadline)
    this.#unfollow?.()
    return true
  }
}
