import { createServer, request } from 'node:http'
import type { Transform } from 'node:stream'
import { createBrotliCompress, createDeflate, createGzip } from 'node:zlib'
import { listenOnFreePort } from './listen-on-free-port.ts'

/** The content encodings that the gateway can give its responses. */
export const encodings = ['gzip', 'deflate', 'br'] as const

/** An HTTP server in front of another one. */
export interface CompressingGateway extends AsyncDisposable {
  readonly url: string
  /** The path of each response that was compressed. */
  readonly compressed: ReadonlySet<string>
  /** Names the server behind it. */
  forwardTo(url: string): void
}

/** Starts a gateway that compresses every response of the server behind it. */
export async function startCompressingGateway(
  encoding: (typeof encodings)[number],
): Promise<CompressingGateway> {
  const compressed = new Set<string>()
  let target = ''
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = '' } = incoming
    const forwarded = request(new URL(url, target), { method, headers }, (response) => {
      const { statusCode = 502, headers: received } = response
      const { 'content-length': _length, ...kept } = received
      compressed.add(url)
      outgoing.writeHead(statusCode, { ...kept, 'content-encoding': encoding })
      response.pipe(compressorOf(encoding)).pipe(outgoing)
    })
    forwarded.on('error', () => outgoing.destroy())
    incoming.pipe(forwarded)
  })
  const port = await listenOnFreePort(server)
  return {
    url: `http://127.0.0.1:${port}`,
    compressed,
    forwardTo: (behind) => {
      target = behind
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function compressorOf(encoding: (typeof encodings)[number]): Transform {
  if (encoding === 'gzip') return createGzip()
  return encoding === 'br' ? createBrotliCompress() : createDeflate()
}
