import { createServer } from 'node:http'

/** A site of somebody else's, with one page. */
export async function serveSite(
  page: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', ...headers }).end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('No port was bound.')
  return {
    url: `http://127.0.0.1:${bound.port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
