import { type CookieRecord, type WebResponse, setCookieLine, setCookieLines } from '@linkpass/web'
import type { NextFunction, Response } from 'express'
import type { ServerResponse } from 'node:http'

/**
 * Writes a response; a HEAD request gets no body. What a function of the app threw goes to the error
 * handler, with the cookies and the headers of CORS set unless it had responded before.
 */
export function send(res: Response, response: WebResponse, next: NextFunction): void {
  const { failed, status, body, cookies } = response
  const headers = Object.entries(response.headers)
  if (failed?.failure.kind === 'app-error') {
    const ofCors = headers.filter(([name]) => /^(?:vary|access-control-)/i.test(name))
    if (!res.headersSent) setHeaders(res, ofCors, cookies)
    return next(errorOf(failed.failure.cause))
  }
  // One that was begun and not ended is an error below, which closes the connection.
  if (res.writableEnded) return warnOfOwnResponse()
  setHeaders(res.status(status), headers, cookies)
  if (res.hasHeader('Set-Cookie')) res.setHeader('Cache-Control', 'no-store')
  res.end(body)
}

function setHeaders(
  res: Response,
  headers: readonly (readonly [string, string])[],
  cookies: readonly CookieRecord[],
): void {
  for (const [name, value] of headers) {
    const header = name.toLowerCase()
    if (header === 'vary') res.vary(value)
    else if (header === 'set-cookie') res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
  setCookies(res, cookies)
}

/**
 * Adds cookies to a response. One that carries a cookie must be stored by no cache, whatever a handler
 * sets later: a shared cache would sign the next visitor in as this user. Nor may other cookies of a handler
 * take the place of these, as `setHeader` and `writeHead` do on their own, and so what proxies the response of
 * another server: with rotation that would end the session.
 */
export function setCookies(res: ServerResponse, cookies: readonly CookieRecord[]): void {
  if (cookies.length === 0) return
  const lines = cookies.map(setCookieLine)
  res.setHeader('Set-Cookie', setCookieLines(linesIn(res), lines))
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the response
  const { writeHead } = res
  res.writeHead = (...args: unknown[]): typeof res => {
    const headers = headersOf(args.findLast((arg) => typeof arg === 'object') ?? {})
    for (const [name] of headers) if (!/^set-cookie$/i.test(name)) res.removeHeader(name)
    for (const [name, value] of headers) res.appendHeader(name, value)
    res.setHeader('Set-Cookie', setCookieLines(lines, linesIn(res)))
    res.setHeader('Cache-Control', 'no-store')
    const others = args.filter((arg) => typeof arg !== 'object')
    Reflect.apply(writeHead, res, others)
    return res
  }
}

function linesIn(res: ServerResponse): string[] {
  return [res.getHeader('Set-Cookie') ?? []].flat().map(String)
}

/** What `writeHead` takes: an object, names and values in turn, or pairs. */
function headersOf(given: object): readonly [string, string | string[]][] {
  if (!Array.isArray(given)) return Object.entries(given)
  if (Array.isArray(given[0])) return given
  return given.flatMap((name, i) => (i % 2 === 0 ? [[name, given[i + 1]]] : []))
}

/**
 * What was thrown, as an error for `next`: of `undefined`, `'route'` and the like it would make the next
 * handler run, and so let a request through a guard.
 */
export function errorOf(thrown: unknown): unknown {
  if (typeof thrown === 'object' && thrown !== null) return thrown
  return new Error('A function of the app threw something that is no error.', { cause: thrown })
}

/** Passes on what a promise was rejected with. */
export function errorsTo(next: NextFunction): (thrown: unknown) => void {
  return (thrown) => next(errorOf(thrown))
}

let hasWarned = false

function warnOfOwnResponse(): void {
  if (hasWarned) return
  hasWarned = true
  process.emitWarning('The app has sent a response in place of the sign-in routes.', {
    code: 'LINKPASS_SIGN_IN',
    detail:
      'Their own response and its cookies are lost, so that no user is signed in or out. Return from the functions given to createAuth, and use pages, returnTo or onFailure in place of res; let time-outs leave the routes 60 s.',
  })
}
