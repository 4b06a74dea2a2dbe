import type { Dispatcher } from 'undici'
import type { RequestError } from '../errors.ts'
import { type Limits, onAbort } from '../on-abort.ts'
import { decodeBody, maxBodyBytes, tooLong } from './decode-body.ts'
import { aborted, disconnected, timedOut } from './request-error.ts'

export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Decoded from its content encodings, without white space around it; a byte order mark counts as that. */
  readonly body: string
}

/**
 * One request and its response, as a handler that undici calls: a total deadline, the caller's
 * signal, and a body of at most 1 MiB, decoded. Settles once; anything undici reports later is ignored.
 *
 * A handler rather than `request()`, whose stream and body object cost more than all of this.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** Rejects with a {@link RequestError}. */
  readonly response: Promise<WireResponse>
  #resolve: (response: WireResponse) => void = () => {}
  #reject: (error: unknown) => void = () => {}
  readonly #deadline: NodeJS.Timeout
  readonly #unfollow: (() => void) | undefined
  #controller: Dispatcher.DispatchController | undefined
  #settled = false
  #status = 0
  #headers: WireResponse['headers'] = {}
  /** The body: what came first, and the last chunks, of which a thousand are made one. */
  #body: Buffer[] = []
  #chunks: Buffer[] = []
  #length = 0

  constructor({ timeoutMs, signal }: Limits) {
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#deadline = setTimeout(() => this.#fail(timedOut(this.#started)), timeoutMs)
    if (signal === undefined) return
    this.#unfollow = onAbort(signal, () => this.#fail(aborted(signal.reason, this.#started)))
  }

  /** Whether `response` has settled, or is about to. */
  get hasEnded(): boolean {
    return this.#settled
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
    this.#length += chunk.length
    if (this.#length > maxBodyBytes) return this.#fail(tooLong())
    this.#chunks.push(chunk)
    // A chunk of one byte takes a hundred bytes as an object.
    if (this.#chunks.length === 1000) this.#body.push(Buffer.concat(this.#chunks.splice(0)))
  }

  onResponseEnd(): void {
    if (!this.#settle()) return
    const [status, headers] = [this.#status, this.#headers]
    try {
      const bytes = Buffer.concat([...this.#body, ...this.#chunks])
      const encoding = headers['content-encoding']
      const decoded = encoding === undefined ? bytes : decodeBody(bytes, encoding)
      this.#resolve({ status, headers, body: decoded.toString().trim() })
    } catch (error) {
      this.#reject(error)
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: unknown): void {
    if (this.#settle()) this.#reject(disconnected(error, this.#started))
  }

  #fail(error: RequestError): void {
    if (!this.#settle()) return
    this.#body = []
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
