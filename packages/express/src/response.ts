import { type CookieRecord, type WebResponse, setCookieLine } from '@linkpass/web'
import type { Response } from 'express'

/** Writes a response. A HEAD request gets no body. */
export function send(res: Response, response: WebResponse): void {
  res.status(response.status)
  for (const [name, value] of Object.entries(response.headers)) {
    if (name === 'Vary') res.vary(value)
    else res.setHeader(name, value)
  }
  setCookies(res, response.cookies)
  res.end(response.body)
}

/**
 * Adds cookies to a response. One that carries a cookie must be stored by no cache: a shared cache
 * would sign the next visitor in as this user.
 */
export function setCookies(res: Response, cookies: readonly CookieRecord[]): void {
  for (const cookie of cookies) res.appendHeader('Set-Cookie', setCookieLine(cookie))
  if (res.hasHeader('Set-Cookie')) res.setHeader('Cache-Control', 'no-store')
}
