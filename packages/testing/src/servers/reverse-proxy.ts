import { createServer, request } from 'node:http'
import { listenOnFreePort } from './listen-on-free-port.ts'

/** A reverse proxy on a port of its own, which comes first, since the app's address names it. */
export interface ReverseProxy extends AsyncDisposable {
  readonly origin: string
  /** Passes requests on to this address from now on. */
  leadTo(address: string): void
}

/** Serves an app below `/app/`, as `location /app/ { proxy_pass http://…:3000/; }` does in nginx. */
export async function startReverseProxy({
  takesPathOff,
}: {
  /** Whether the app sees `/x` for `/app/x`. */
  readonly takesPathOff: boolean
}): Promise<ReverseProxy> {
  let target = ''
  const server = createServer((incoming, response) => {
    const { url = '', method, headers } = incoming
    if (!url.startsWith('/app/')) return void response.writeHead(404).end('not of this app')
    const path = takesPathOff ? url.slice('/app'.length) : url
    const passed = request(target + path, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    passed.on('error', () => response.destroy())
    incoming.pipe(passed)
  })
  const port = await listenOnFreePort(server)
  return {
    origin: `http://localhost:${port}`,
    leadTo: (address) => {
      target = address
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
