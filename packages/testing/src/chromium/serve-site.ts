import { createServer } from 'node:http'
import { listenOnFreePort } from '../servers/listen-on-free-port.ts'

/** Serves another site, with one page. */
export async function serveSite(
  page: string,
  headers: Readonly<Record<string, string | string[]>> = {},
): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', ...headers }).end(page)
  })
  const port = await listenOnFreePort(server)
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
