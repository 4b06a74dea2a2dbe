import type { Response } from 'express'
import type { AuthContext } from './context.ts'
import { pageHeaders } from './pages/headers.ts'
import { script } from './pages/script.ts'
import { stylesheet } from './pages/stylesheet.ts'

/** Sends a built-in page with the headers it needs. @param posts whether the page holds a form */
export function sendPage(context: AuthContext, res: Response, page: string, posts: boolean): void {
  res.set(pageHeaders(context.settings.brand, { posts }))
  res.send(page)
}

/** A file that the pages load. */
export interface PageAsset {
  readonly type: string
  readonly text: string
}

/** The stylesheet and script of the pages, by file name; undefined for any other. */
export function pageAsset(context: AuthContext, name: string): PageAsset | undefined {
  if (name === 'style.css') {
    return { type: 'text/css', text: stylesheet(context.settings.brand.accentColor) }
  }
  return name === 'script.js' ? { type: 'text/javascript', text: script } : undefined
}

/**
 * Sends such a file; it changes with the release and the brand, so not for long. A response in
 * which a guard before us has set a session stays as uncacheable as it was.
 */
export function sendAsset(res: Response, { type, text }: PageAsset): void {
  if (!res.hasHeader('Set-Cookie')) res.set('Cache-Control', 'public, max-age=3600')
  res.set('X-Content-Type-Options', 'nosniff')
  res.type(type).send(text)
}
