import { type RequestFacts, headerOf } from './request-facts.ts'

/**
 * Whether a person is looking at the address bar: a GET that loads a page, so that answering with a
 * redirect or a page makes sense. By Fetch Metadata where the browser sends it, else by an `Accept`
 * that names HTML first. Pure.
 */
export function isPageNavigation(request: RequestFacts): boolean {
  return request.method === 'GET' && isPageRequest(request)
}

/**
 * Whether a person will see the answer as a page: they opened it, or sent a form to it. Told like a
 * page navigation, whatever the method. Pure.
 */
export function isPageRequest(request: RequestFacts): boolean {
  const mode = headerOf(request, 'sec-fetch-mode')
  if (mode !== '') return mode === 'navigate' && headerOf(request, 'sec-fetch-dest') === 'document'
  return headerOf(request, 'accept').startsWith('text/html')
}

/**
 * Whether Fetch Metadata says that the top-level page of a tab is being loaded, for a person and
 * not ahead of one. Stricter than {@link isPageNavigation}: a browser that sends no Fetch Metadata
 * is not believed, since a mail scanner sends none either. Pure.
 */
export function isTopLevelNavigation(request: RequestFacts): boolean {
  return (
    request.method === 'GET' &&
    headerOf(request, 'sec-fetch-mode') === 'navigate' &&
    headerOf(request, 'sec-fetch-dest') === 'document' &&
    !isPrefetch(request)
  )
}

/** Whether the request is made ahead of a person's choice: a prefetch, prerender or preview. Pure. */
export function isPrefetch(request: RequestFacts): boolean {
  return ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) =>
    /prefetch|prerender|preview/i.test(headerOf(request, name)),
  )
}
