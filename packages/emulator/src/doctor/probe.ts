import { type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

/** A response of the service, or why there was none. */
export type Probe =
  | {
      readonly reached: true
      readonly status: number
      /** The time of the service, in milliseconds since the epoch. */
      readonly date: number | undefined
      /** The time here, in the middle between the request and the response. */
      readonly at: number
      /** Undefined if the body is no JSON object, such as a page. */
      readonly body: Readonly<Record<string, unknown>> | undefined
    }
  | {
      readonly reached: false
      /** Node's code, such as ECONNREFUSED or CERT_HAS_EXPIRED. */
      readonly code: string
      readonly message: string
    }

/**
 * Sends one request to the service, as the client does: by no proxy, also where NODE_USE_ENV_PROXY sends those
 * of `fetch` by one. Never rejects.
 */
export async function probe(
  url: string,
  { bearer, body, timeoutMs }: { bearer: string; body?: unknown; timeoutMs: number },
): Promise<Probe> {
  const sentAt = Date.now()
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await send(url, bearer, body, signal)
    const date = Date.parse(response.headers.date ?? '')
    return {
      reached: true,
      status: response.statusCode ?? 0,
      date: Number.isNaN(date) ? undefined : date,
      body: objectOf(await text(response)),
      at: (sentAt + Date.now()) / 2,
    }
  } catch (error) {
    if (!signal.aborted) return { reached: false, ...reasonOf(error) }
    return { reached: false, code: 'TIMEOUT', message: `no response within ${timeoutMs / 1000} s` }
  }
}

function send(
  url: string,
  bearer: string,
  body: unknown,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const open = url.startsWith('https:') ? httpsRequest : httpRequest
  const sent = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const outgoing = open(url, {
      method: sent === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        ...(sent !== undefined && { 'content-length': Buffer.byteLength(sent) }),
      },
      agent: false,
      signal,
    })
    outgoing.on('error', reject).on('response', resolve).end(sent)
  })
}

function reasonOf(error: unknown): { code: string; message: string } {
  // Of several addresses, the reason is in the errors.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error
  if (!(inner instanceof Error)) return { code: 'UNKNOWN', message: 'the request failed' }
  const code = 'code' in inner ? String(inner.code) : 'UNKNOWN'
  return { code, message: inner.message || code }
}

function objectOf(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
