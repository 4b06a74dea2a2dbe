import type { RequestReader } from '../request/request-reader.ts'

/**
 * The `Cache-Control` of the response to a guarded request (RFC 9111 section 5.2.2): it depends on who
 * sent the request, so no shared cache may store it. A page is not stored at all, so that Back does not
 * show it after a sign-out; anything else may be kept, and is asked for again.
 *
 * Of a browser, Fetch Metadata tells whether it loads a page, also in a frame or by a service worker;
 * else an `Accept` that names HTML first. So all that `isPageRequest` takes for a page is one here.
 */
export function cacheControlFor(read: RequestReader<object>, request: object): string {
  const mode = read.header(request, 'sec-fetch-mode')
  const isPage =
    mode === undefined
      ? read.header(request, 'accept')?.startsWith('text/html') === true
      : mode === 'navigate'
  return isPage ? 'private, no-store' : 'private, no-cache'
}
