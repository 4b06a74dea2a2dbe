import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { listenOnFreePort } from './listen-on-free-port.ts'

/** A request as the stub saw it. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The parsed JSON; undefined when there was no body. */
  readonly body: unknown
}

/** A response of the stub. */
export interface StubReply {
  readonly status?: number
  readonly headers?: Record<string, string | string[]>
  /** Sent as JSON, unless it is a string or bytes, which are sent unchanged. */
  readonly body?: unknown
}

/** A real server on a free port that records its requests and sends the responses of a test. */
export interface Stub extends AsyncDisposable {
  readonly url: string
  readonly seen: SeenRequest[]
  /** The number of sockets that were opened. */
  readonly sockets: () => number
}

/** Starts a stub; `reply` makes each response. */
export async function startStub(
  reply: (request: SeenRequest) => StubReply | Promise<StubReply>,
): Promise<Stub> {
  const seen: SeenRequest[] = []
  let sockets = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const { method = '', url = '', headers } = request
      const noted = { method, path: url, headers, body: text === '' ? undefined : JSON.parse(text) }
      seen.push(noted)
      void Promise.resolve(reply(noted)).then((made) => send(response, made))
    })
  })
  server.on('connection', () => {
    sockets += 1
  })
  const port = await listenOnFreePort(server)
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    sockets: () => sockets,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(
  response: ServerResponse,
  { status = 200, headers = {}, body = {} }: StubReply,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  response.end(isRaw ? body : JSON.stringify(body))
}
