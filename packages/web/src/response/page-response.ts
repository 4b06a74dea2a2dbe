import type { RouteContext } from '../context.ts'
import { pageHeaders } from '../pages/headers.ts'
import { type Page, pageHtml } from '../pages/layout.ts'
import { type Texts, createTexts } from '../pages/messages/texts.ts'
import { runHook } from '../report.ts'
import { localeOf } from '../request/locale.ts'
import type { WebResponse } from './response.ts'

/** A built-in page. {@link rendered} adds its body, and the headers that it needs. */
export function pageResponse(
  page: Page,
  status: number = 200,
  headers: WebResponse['headers'] = {},
): WebResponse {
  return { status, headers, cookies: [], body: '', page }
}

/** The same response, with its page in the language of the request. */
export async function rendered(
  context: RouteContext,
  { page, ...response }: WebResponse,
): Promise<WebResponse> {
  if (page === undefined) return response
  const { settings } = context
  const texts = await textsOf(settings, (await localeOf(context)).page)
  const body = pageHtml(page, texts, settings)
  // By a form, or by the script. What a template did not make is escaped, so it looks like neither.
  const posts = /<form method="post"|data-complete-url="/.test(body)
  const headers = {
    ...response.headers,
    ...pageHeaders(settings.brand, posts),
    'Content-Language': texts.language,
    Vary: 'Accept-Language',
  }
  return { ...response, headers, body }
}

// English is always loaded, so no page is lost, nor the cookies that are set with it.
async function textsOf({ languages }: RouteContext['settings'], language: string): Promise<Texts> {
  const loaded = await runHook('language', () => languages.load(language))
  return loaded ? createTexts(language, loaded.told) : createTexts('en', await languages.load('en'))
}

/** The stylesheet or the script of the pages. It changes with the release and the brand. */
export function assetResponse(type: 'text/css' | 'text/javascript', body: string): WebResponse {
  return {
    status: 200,
    headers: {
      'Content-Type': `${type}; charset=utf-8`,
      'Cache-Control': 'public, max-age=3600',
      'X-Content-Type-Options': 'nosniff',
    },
    cookies: [],
    body,
  }
}
