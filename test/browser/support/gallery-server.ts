import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gallery, site } from '../../../packages/web/test/pages/gallery.ts'
import { pageHeaders } from '../../../packages/web/src/pages/headers.ts'
import { script } from '../../../packages/web/src/pages/theme/script.ts'
import { stylesheet } from '../../../packages/web/src/pages/theme/stylesheet.ts'

/** Serves every page of the gallery under its name, with the headers it has in an app. */
export async function serveGallery(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://gallery.test')
    if (pathname === '/style.css') {
      response.setHeader('Content-Type', 'text/css').end(stylesheet(site.brand.accentColor))
    } else if (pathname === '/script.js') {
      response.setHeader('Content-Type', 'text/javascript').end(script)
    } else if (pathname === '/status') {
      response.setHeader('Content-Type', 'application/json').end('{"state":"pending"}')
    } else {
      const page = gallery.get(pathname.slice(1))
      response.writeHead(page === undefined ? 404 : 200, pageHeaders(site.brand, { posts: true }))
      response.end(page)
    }
  })
  const port = await listen(server)
  return {
    url: `http://localhost:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an address with a port.
  return (server.address() as AddressInfo).port
}
