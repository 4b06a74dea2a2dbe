import { isLoopback } from '@linkpass/core/internal'
import type { AppOrigin } from '../app-url.ts'
import type { Failure } from '../failure.ts'
import { trustHint, warnOnce } from '../report.ts'
import { type RequestFacts, isSafeMethod } from './request-reader.ts'

const crossSite: Failure = Object.freeze({ kind: 'cross-site' })

/**
 * The failure of a cross-site request; undefined for any other. In development it names the origin of
 * a front end on this machine, which the developer may want to trust.
 */
export function crossSiteFailure(request: RequestFacts, app?: AppOrigin): Failure | undefined {
  if (isSafeMethod(request.method)) return undefined
  const origin = request.header('origin') ?? ''
  if (!isCrossSite(request, app?.origin, app?.trusted)) {
    if (app?.loopback === true) warnOfOtherAddress(origin, request.header('host'), app)
    return undefined
  }
  const front =
    app?.loopback === true && origin !== app.origin ? frontEndAt(origin, app) : undefined
  if (front === undefined) return crossSite
  const fix = `If it is a front end of this app, ${trustHint(front)}`
  warnOnce(`origin ${origin}`, `A request from ${origin} was refused as cross-site.`, fix)
  return { kind: 'cross-site', origin: front }
}

/** In development: the app is opened at another address than `appUrl`, where its links lead. */
function warnOfOtherAddress(
  origin: string,
  host: string | undefined,
  { origin: own, trusted }: AppOrigin,
): void {
  if (origin === own || trusted.includes(origin) || !isOfHost(origin, host)) return
  const fix =
    'Its links and redirects lead to appUrl. Open it there, or set appUrl to the address in the browser.'
  warnOnce(`address ${origin}`, `The app is opened at ${origin}, and appUrl is ${own}.`, fix)
}

/** The origin of a front end on this machine as the same site as the app; undefined for any other. */
function frontEndAt(origin: string, { hostname, secure }: AppOrigin): string | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (url?.origin !== origin || !isLoopback(url.hostname)) return undefined
  return `${secure ? 'https' : 'http'}://${hostname}:${url.port}`.replace(/:$/, '')
}

/**
 * Whether a browser sent this request on behalf of a page that is not the app's own.
 *
 * The rule of Go's `http.CrossOriginProtection`: safe methods pass, and so does an `Origin` that the
 * app trusts, since no script can set that header. Then `Sec-Fetch-Site` decides:
 * `same-origin` and `none` pass; `same-site` does not, since a sibling domain may belong to anyone.
 * Without it, `Origin` must be the app's. With neither header the client is no browser, and carries
 * no cookies of a user. Go compares `Origin` with the Host header. This compares it with the app's
 * configured origin, and with the Host header only where no origin is configured.
 */
export function isCrossSite(
  request: RequestFacts,
  appOrigin?: string,
  trusted: readonly string[] = [],
): boolean {
  if (isSafeMethod(request.method)) return false
  const origin = request.header('origin') ?? ''
  if (trusted.includes(origin)) return false
  const site = request.header('sec-fetch-site') ?? ''
  if (site !== '') return site !== 'same-origin' && site !== 'none'
  if (origin === '') return false
  if (appOrigin !== undefined) return origin !== appOrigin
  return !isOfHost(origin, request.header('host'))
}

function isOfHost(origin: string, host: string | undefined): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  return url?.origin === origin && url.host === host
}
