import { type CookieRecord, type WebResponse, setCookieLine } from '@linkpass/web'
import type { NextFunction, Response } from 'express'

/**
 * Writes a response; a HEAD request gets no body. What a function of the app threw goes to the error
 * handler, with the cookies set.
 */
export function send(res: Response, response: WebResponse, next: NextFunction): void {
  const failure = response.failed?.failure
  if (failure?.kind === 'app-error') {
    setCookies(res, response.cookies)
    return next(failure.cause)
  }
  res.status(response.status)
  for (const [name, value] of Object.entries(response.headers)) {
    const header = name.toLowerCase()
    if (header === 'vary') res.vary(value)
    else if (header === 'set-cookie') res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
  setCookies(res, response.cookies)
  if (res.hasHeader('Set-Cookie')) res.setHeader('Cache-Control', 'no-store')
  res.end(response.body)
}

/**
 * Adds cookies to a response. One that carries a cookie must be stored by no cache, whatever a handler
 * sets later: a shared cache would sign the next visitor in as this user.
 */
export function setCookies(res: Response, cookies: readonly CookieRecord[]): void {
  if (cookies.length === 0) return
  for (const cookie of cookies) res.appendHeader('Set-Cookie', setCookieLine(cookie))
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the response
  const { writeHead } = res
  res.writeHead = (...args: unknown[]): Response => {
    res.setHeader('Cache-Control', 'no-store')
    Reflect.apply(writeHead, res, args)
    return res
  }
}
