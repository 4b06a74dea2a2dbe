/** CORS for front ends that the app trusts: https://fetch.spec.whatwg.org/#http-cors-protocol. */
import type { RouteContext } from '../context.ts'
import { type WebResponse, noContent } from './response.ts'

/** The same response, which a front end that the app trusts may read, with its cookies. */
export function withCors({ header, settings }: RouteContext, response: WebResponse): WebResponse {
  const { trusted } = settings.app
  if (trusted.length === 0) return response
  const origin = header('origin') ?? ''
  const { Vary } = response.headers
  const headers = { ...response.headers, Vary: Vary === undefined ? 'Origin' : `${Vary}, Origin` }
  if (!trusted.includes(origin)) return { ...response, headers }
  return {
    ...response,
    headers: {
      ...headers,
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': 'Retry-After',
    },
  }
}

/** Whether a browser asks what a front end that the app trusts may send. */
export function isPreflight({ header, method, settings }: RouteContext): boolean {
  return (
    method === 'OPTIONS' &&
    header('access-control-request-method') !== undefined &&
    settings.app.trusted.includes(header('origin') ?? '')
  )
}

/**
 * A front end may send any header: scripts of others add some of theirs, such as `traceparent`.
 *
 * @param allow the methods of the route
 */
export function preflightResponse({ header }: RouteContext, allow: string): WebResponse {
  const headers = {
    'Access-Control-Allow-Methods': allow,
    'Access-Control-Allow-Headers': header('access-control-request-headers') ?? '',
    'Access-Control-Max-Age': '600',
    Vary: 'Access-Control-Request-Headers',
  }
  const response = noContent()
  return { ...response, headers: { ...response.headers, ...headers } }
}
