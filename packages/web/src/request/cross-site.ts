import { type RequestFacts, headerOf, isSafeMethod } from './request-facts.ts'

/**
 * Whether a browser sent this request on behalf of a page that is not the app's own. Pure.
 *
 * The rule of Go's `http.CrossOriginProtection`: safe methods pass; then `Sec-Fetch-Site` decides
 * (`same-origin` and `none` pass; `same-site` does not, a sibling domain may be anyone's); without
 * it `Origin` must be the app's; with neither the sender is no browser, and carries no cookies of
 * anyone. Where Go compares `Origin` with the Host header we compare it with the app's configured
 * origin; where none is known, with the Host header too, which no attacker's page can choose.
 */
export function isCrossSite(request: RequestFacts, appOrigin?: string): boolean {
  if (isSafeMethod(request.method)) return false
  const site = headerOf(request, 'sec-fetch-site')
  if (site !== '') return site !== 'same-origin' && site !== 'none'
  const origin = headerOf(request, 'origin')
  if (origin === '') return false
  if (appOrigin !== undefined) return origin !== appOrigin
  return !URL.canParse(origin) || new URL(origin).host !== headerOf(request, 'host')
}
