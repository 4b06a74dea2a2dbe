import { type RequestFacts, isSafeMethod } from './request-reader.ts'

/**
 * Whether a browser sent this request on behalf of a page that is not the app's own.
 *
 * The rule of Go's `http.CrossOriginProtection`: safe methods pass. Then `Sec-Fetch-Site` decides:
 * `same-origin` and `none` pass; `same-site` does not, since a sibling domain may belong to anyone.
 * Without it, `Origin` must be the app's. With neither header the client is no browser, and carries
 * no cookies of a user. Go compares `Origin` with the Host header. This compares it with the app's
 * configured origin, and with the Host header only where no origin is configured.
 */
export function isCrossSite(request: RequestFacts, appOrigin?: string): boolean {
  if (isSafeMethod(request.method)) return false
  const site = request.header('sec-fetch-site') ?? ''
  if (site !== '') return site !== 'same-origin' && site !== 'none'
  const origin = request.header('origin') ?? ''
  if (origin === '') return false
  if (appOrigin !== undefined) return origin !== appOrigin
  return !URL.canParse(origin) || new URL(origin).host !== request.header('host')
}
