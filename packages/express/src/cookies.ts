import type { CookieRecord } from '@linkpass/web'
import { stringifySetCookie } from 'cookie'
import type { Response } from 'express'

/**
 * The only place that writes cookies. A response that carries one must be stored nowhere, or the
 * next visitor of a shared cache is signed in as this one.
 */
export function writeCookies(res: Response, cookies: readonly CookieRecord[]): void {
  if (cookies.length === 0) return
  res.setHeader('Cache-Control', 'no-store')
  for (const { name, value, ...attributes } of cookies) {
    const line = stringifySetCookie({ name, value, path: '/', httpOnly: true, ...attributes }, asIs)
    res.appendHeader('Set-Cookie', line)
  }
}

// Tokens and sealed values are made of characters that need no encoding, and are read as they are.
const asIs = { encode: (value: string): string => value }
