import type { RequestReader } from '@linkpass/web'

/** What the server knows of a connection. A `Request` does not tell it. */
export interface ConnectionInfo {
  /**
   * The address of the client. Behind a proxy, the one that this proxy tells. Without it, all requests
   * count as one sender, and the limits per IP address are for all users together.
   */
  readonly ip: string | undefined
}

/** How a request of the Fetch standard is read. */
export const readFetch: RequestReader<Request> = {
  method: ({ method }) => method,
  target: ({ url }) => {
    const [target = ''] = url.slice(url.indexOf('/', url.indexOf('://') + 3)).split('#', 1)
    return target
  },
  header: ({ headers }, name) => headers.get(name) ?? undefined,
  ip: (request) => addresses.get(request),
  ipFix: (request) =>
    addresses.has(request)
      ? undefined
      : 'Pass the address of the client: auth.handler(request, { ip }).',
  parsedBody: ({ bodyUsed }) => (bodyUsed ? { value: undefined } : undefined),
  chunks: chunksOf,
  closed: ({ signal }) => signal,
}

const addresses = new WeakMap<Request, string>()

/** Remembers the address of the client that sent a request. */
export function rememberAddress(request: Request, ip: string | undefined): void {
  if (ip !== undefined && ip !== '') addresses.set(request, ip)
}

async function* chunksOf({ body }: Request): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  if (reader === undefined) return
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // Not cancelled at once: that closes the connection, and with it the response.
    discard(reader).catch(() => undefined)
  }
}

const maxDiscarded = 16 * 1024 * 1024

/** Reads the rest of a body, since a client reads no response before it has sent everything. */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  for (let bytes = 0; bytes < maxDiscarded;) {
    const { done, value } = await reader.read()
    if (done) return
    bytes += value.length
  }
  await reader.cancel()
}
