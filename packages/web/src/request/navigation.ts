import type { RequestFacts } from './request-reader.ts'

/**
 * Whether a GET loads a page that the user sees, so that a redirect or a page is a useful response.
 * Decided by Fetch Metadata where the browser sends it. An `Accept` that names HTML first decides where
 * it sends none, and for a navigation without a destination: one that a service worker passes on, also
 * as a request of its own, whose mode is then `same-origin`.
 */
export function isPageNavigation(request: RequestFacts): boolean {
  return request.method === 'GET' && isPageRequest(request)
}

/**
 * Whether the user sees the response as a page: they opened it, or sent a form to it. Decided like a
 * page navigation, for any method.
 */
export function isPageRequest({ header }: RequestFacts): boolean {
  const mode = header('sec-fetch-mode') ?? ''
  if (mode === '') {
    // Libraries say so. Web views of Android send the name of their app in the same header.
    const isMadeByScript =
      header('x-requested-with') === 'XMLHttpRequest' || header('hx-request') !== undefined
    return !isMadeByScript && namesHtmlFirst(header('accept'))
  }
  const destination = header('sec-fetch-dest') ?? ''
  const isKnown = destination !== '' && destination !== 'empty'
  if (isKnown) return mode === 'navigate' && destination === 'document'
  return (mode === 'navigate' || mode === 'same-origin') && namesHtmlFirst(header('accept'))
}

/** Whether an `Accept` names HTML before anything but XML, as browsers do for pages. */
export function namesHtmlFirst(accept: string | undefined): boolean {
  return (
    accept !== undefined && /^(?:application\/(?:xhtml\+)?xml[^,]*, *)*text\/html/i.test(accept)
  )
}

/**
 * Whether Fetch Metadata says that the top-level page of a tab is loaded for the user, and not ahead
 * of time. Stricter than {@link isPageNavigation}: a request without Fetch Metadata does not count,
 * since a mail scanner sends none either.
 */
export function isTopLevelNavigation(request: RequestFacts): boolean {
  return (
    request.method === 'GET' &&
    request.header('sec-fetch-mode') === 'navigate' &&
    request.header('sec-fetch-dest') === 'document' &&
    !isPrefetch(request)
  )
}

/** Whether the request is made before the user chose it: a prefetch, a prerender or a preview. */
export function isPrefetch(request: RequestFacts): boolean {
  return ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) =>
    /prefetch|prerender|preview/i.test(request.header(name) ?? ''),
  )
}

/** Whether the client accepts a page: a browser's form or navigation, and not a script. */
export function acceptsPage(request: RequestFacts): boolean {
  return /text\/html/i.test(request.header('accept') ?? '')
}
