import { createServer } from 'node:http'
import { listenOnFreePort } from '@linkpass/testing'
import { pageHeaders } from '../../src/pages/headers.ts'
import { script } from '../../src/pages/theme/script.ts'
import { stylesheet } from '../../src/pages/theme/stylesheet.ts'
import { gallery, pageIn, site } from './gallery.ts'

/** Serves every page of the gallery as `/name?lang=de&app=Acme`, with the headers that it has in an app. */
export async function serveGallery(): Promise<{
  readonly url: string
  /** The names of all pages. */
  readonly pages: readonly string[]
  close(): Promise<void>
}> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://gallery.test')
    if (pathname === '/style.css') {
      response.setHeader('Content-Type', 'text/css').end(stylesheet(site.brand.accent))
    } else if (pathname === '/script.js') {
      response.setHeader('Content-Type', 'text/javascript').end(script)
    } else if (pathname === '/status') {
      response.setHeader('Content-Type', 'application/json').end('{"state":"pending"}')
    } else {
      const name = pathname.slice(1)
      const isKnown = gallery.has(name)
      response.writeHead(isKnown ? 200 : 404, pageHeaders(site.brand, true))
      const language = searchParams.get('lang') ?? 'en'
      const app = searchParams.get('app') ?? undefined
      const page = isKnown ? pageIn(language, name, app) : Promise.resolve('')
      void page.then((html) => response.end(html))
    }
  })
  const port = await listenOnFreePort(server)
  return {
    url: `http://localhost:${port}`,
    pages: [...gallery.keys()],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
