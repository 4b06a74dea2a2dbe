import type { RouteContext } from '../context.ts'
import { pageHeaders } from '../pages/headers.ts'
import { type Page, pageHtml } from '../pages/layout.ts'
import { type Texts, createTexts } from '../pages/messages/texts.ts'
import type { Brand } from '../pages/theme/brand.ts'
import { script } from '../pages/theme/script.ts'
import { stylesheet } from '../pages/theme/stylesheet.ts'
import { reportHook } from '../report.ts'
import { localeOf } from '../request/locale.ts'
import type { WebResponse } from './response.ts'

/** How a page is sent. */
export interface PageManners {
  /** Whether the page holds a form that posts. */
  readonly posts: boolean
  /** @default 200 */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A built-in page, with the headers that it needs. */
export function pageResponse(
  brand: Brand,
  page: Page,
  { posts, status = 200, headers = {} }: PageManners,
): WebResponse {
  return {
    status,
    headers: { ...headers, ...pageHeaders(brand, posts) },
    cookies: [],
    body: '',
    page,
  }
}

/** The same response, with its page in the language of the request. */
export async function rendered(
  context: RouteContext,
  { page, ...response }: WebResponse,
): Promise<WebResponse> {
  if (page === undefined) return response
  const { pageSite, settings } = context
  const texts = await textsOf(settings, (await localeOf(context)).page)
  return {
    ...response,
    headers: { ...response.headers, 'Content-Language': texts.language, Vary: 'Accept-Language' },
    body: pageHtml(page, texts, pageSite),
  }
}

// English is always loaded, so no page is lost, nor the cookies that are set with it.
async function textsOf({ languages }: RouteContext['settings'], language: string): Promise<Texts> {
  try {
    return createTexts(language, await languages.load(language))
  } catch (error) {
    reportHook('language', error)
    return createTexts('en', await languages.load('en'))
  }
}

/** The stylesheet of the pages. */
export function stylesheetResponse(brand: Brand): WebResponse {
  return asset('text/css', stylesheet(brand.accentColor))
}

/** The script of the pages. */
export function scriptResponse(): WebResponse {
  return asset('text/javascript', script)
}

// It changes with the release and the brand, so it may be cached, but not for long.
function asset(type: string, body: string): WebResponse {
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
