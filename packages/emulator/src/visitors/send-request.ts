import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isLoopback, lookupHost } from '../loopback.ts'

/** A request with exactly these headers, some of which `fetch` would not allow. */
export interface SentRequest {
  readonly method: 'HEAD' | 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
}

export interface ReceivedResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly setCookies: readonly string[]
  readonly location: string | undefined
  /** The first megabyte of the body. */
  readonly text: string
}

const maxBodyBytes = 1_000_000

/**
 * Sends one request, without following redirects. `fetch` sets Fetch Metadata headers of its own,
 * so it cannot send the headers of a browser that opens a page.
 *
 * @throws {Error} there was no response in time
 */
export function sendRequest(sent: SentRequest): Promise<ReceivedResponse> {
  const { url, method, headers, body, timeoutMs } = sent
  const { protocol, hostname } = new URL(url)
  const open = protocol === 'https:' ? httpsRequest : httpRequest
  // An app on this machine may have a certificate that it made itself.
  const rejectUnauthorized = !isLoopback(hostname)
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const outgoing = open(url, {
      method,
      headers: { ...headers, ...length },
      signal,
      agent: false,
      rejectUnauthorized,
      lookup: lookupHost,
    })
    // The error of several addresses has no message of its own.
    outgoing.on('error', (error) =>
      reject(error instanceof AggregateError ? error.errors.at(-1) : error),
    )
    outgoing.on('response', (incoming) => {
      readText(incoming).then(
        (text) =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            setCookies: incoming.headers['set-cookie'] ?? [],
            location: incoming.headers.location,
            text,
          }),
        reject,
      )
    })
    outgoing.end(body)
  })
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > maxBodyBytes) break
    text += decoder.decode(chunk, { stream: true })
  }
  return text
}
