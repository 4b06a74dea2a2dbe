/**
 * HTTP as bytes, because a client library refuses to send most of these requests, and would not show
 * bytes that belong to no response.
 */
import { connect, type Socket } from 'node:net'

/** A response as received: header lines in order, names in lower case. */
export interface RawResponse {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** What was received for one request. */
export interface Exchange {
  readonly responses: readonly RawResponse[]
  /** Bytes that belong to no response; if there are any, a response was split. */
  readonly stray: string
  readonly ms: number
}

/** How a request is sent. */
export type Framing =
  /** Complete and well-formed: one response, and the connection stays open. */
  | 'complete'
  /** Malformed: responses are read until the server closes. */
  | 'malformed'
  /** Cut off: the sender closes in the middle. */
  | 'cut'

/** Sends requests to a port of this machine, and keeps connections open where possible. */
export interface Wire {
  send(bytes: Buffer, framing: Framing, isHead: boolean): Promise<Exchange>
  close(): void
}

/** Longer than any response may take. */
const timeoutMs = 30_000

/** Creates a wire; it connects with the first request. */
export function createWire(port: number): Wire {
  const idle: Socket[] = []
  // A server may reset a connection that it no longer reads.
  const open = (): Socket => connect(port, '127.0.0.1').on('error', () => {})

  // Some responses end the connection without a `Connection: close`.
  function takeIdle(): Socket | undefined {
    const socket = idle.pop()
    return socket === undefined || socket.readable ? socket : takeIdle()
  }

  async function send(bytes: Buffer, framing: Framing, isHead: boolean): Promise<Exchange> {
    const socket = (framing === 'complete' ? takeIdle() : undefined) ?? open()
    const startedAt = performance.now()
    const responses: RawResponse[] = []
    let received = ''
    let respondedAt = 0
    await new Promise<void>((resolve) => {
      const timeout = setTimeout(() => socket.destroy(), timeoutMs)
      const onData = (chunk: Buffer): void => {
        received += chunk.toString('latin1')
        for (
          let next = readResponse(received, isHead);
          next;
          next = readResponse(received, isHead)
        ) {
          responses.push(next.response)
          received = next.rest
          respondedAt ||= performance.now()
        }
        if (responses.length === 0) return
        if (framing !== 'complete') socket.end()
        else if (!isClosing(responses)) done()
      }
      const done = (): void => {
        clearTimeout(timeout)
        socket.off('data', onData).off('close', done)
        if (framing === 'complete' && !isClosing(responses) && !socket.destroyed) idle.push(socket)
        else socket.destroy()
        resolve()
      }
      socket.on('data', onData).on('close', done)
      socket.write(bytes)
      if (framing === 'cut') socket.end()
    })
    return { responses, stray: received, ms: (respondedAt || performance.now()) - startedAt }
  }

  return {
    send,
    close: () => {
      for (const socket of idle.splice(0)) socket.destroy()
    },
  }
}

function isClosing(responses: readonly RawResponse[]): boolean {
  const last = responses.at(-1)
  return last === undefined || headerValues(last, 'connection').includes('close')
}

/** The values of one header, in order. */
export function headerValues(response: RawResponse, name: string): readonly string[] {
  return response.headers.filter(([known]) => known === name).map(([, value]) => value)
}

interface Read {
  readonly response: RawResponse
  readonly rest: string
}

/** The first complete response in what was received, as latin-1; undefined while there is none. */
export function readResponse(received: string, isHead: boolean): Read | undefined {
  const end = received.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = received.slice(0, Math.max(end, 0)).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(`${statusLine} `)?.[1])
  if (end === -1 || !Number.isInteger(status)) return undefined
  const after = received.slice(end + 4)
  if (status === 100) return readResponse(after, isHead)
  const headers = lines.map((line) => headerOf(line))
  const response = { status, headers, body: '' }
  if (isHead || status === 204 || status === 304) return { response, rest: after }
  if (headerValues(response, 'transfer-encoding').includes('chunked')) {
    const chunked = readChunks(after)
    return chunked && { response: { ...response, body: chunked.body }, rest: chunked.rest }
  }
  const length = Number(headerValues(response, 'content-length')[0] ?? 0)
  if (after.length < length) return undefined
  return { response: { ...response, body: after.slice(0, length) }, rest: after.slice(length) }
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

function readChunks(text: string): { body: string; rest: string } | undefined {
  let body = ''
  let at = 0
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const length = Number.parseInt(text.slice(at, lineEnd), 16)
    const next = lineEnd + 2 + length + 2
    if (text.length < next) return undefined
    body += text.slice(lineEnd + 2, next - 2)
    at = next
    if (length === 0) return { body, rest: text.slice(at) }
  }
}
