import type { RequestReader } from '@linkpass/web'
import type { Request } from 'express'
import type { IncomingMessage } from 'node:http'

/** How a request of Express 4 or 5 is read. */
export const readExpress: RequestReader<Request> = {
  method: (req) => req.method,
  target: (req) => req.originalUrl,
  header: (req, name) => {
    const value = req.headers[name]
    return typeof value === 'object' ? value.join(', ') : value
  },
  ip: (req) => req.ip,
  ipFix: (req) =>
    req.headers['x-forwarded-for'] !== undefined && req.app.get('trust proxy') === false
      ? "Set the number of proxies: app.set('trust proxy', 1)."
      : undefined,
  // The stream tells whether a parser has read this body, because Express 4's parsers leave `{}` for
  // a type that they skip. A host that hands the body over already parsed leaves the stream empty.
  parsedBody: (req) =>
    req.readableDidRead || hasContent(req.body) ? { value: req.body } : undefined,
  chunks: chunksOf,
  closed: (req) => {
    const closed = new AbortController()
    req.res?.once('close', () => closed.abort())
    return closed.signal
  },
}

/**
 * A message as Express hands it on, whatever a handler names its parts. One of the `upgrade` event has no
 * prototype of Express: headers, method and socket are read alone.
 *
 * @throws {TypeError} it is no request
 */
export function asRequest(req: IncomingMessage): Request {
  if (typeof req?.headers !== 'object') {
    throw new TypeError('The first argument must be the req of a handler or of the upgrade event.')
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is read of it
  return req as Request
}

function hasContent(body: unknown): boolean {
  if (typeof body === 'object' && body !== null) return Object.keys(body).length > 0
  return typeof body === 'string' && body !== ''
}

async function* chunksOf(req: Request): AsyncGenerator<Uint8Array> {
  try {
    // The default would destroy the connection when the loop ends early, and with it the response.
    const chunks: AsyncIterable<Uint8Array | string> = req.iterator({ destroyOnReturn: false })
    // Texts, where middleware has called `setEncoding`.
    for await (const chunk of chunks) {
      yield typeof chunk === 'string' ? Buffer.from(chunk, req.readableEncoding ?? 'utf8') : chunk
    }
  } finally {
    // The rest is discarded, because a client reads no response before it has sent everything.
    req.resume()
  }
}
