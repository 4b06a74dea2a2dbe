import { findForm } from './page-form.ts'
import { sendRequest } from './send-request.ts'

/** One request of a visitor, without the secret part of its address. */
export interface VisitedPage {
  readonly method: 'HEAD' | 'GET' | 'POST'
  readonly path: string
  /** 0 when nothing answered. */
  readonly status: number
  /** Where the answer sends the visitor, without the query. */
  readonly location?: string
  /** Why nothing answered. */
  readonly problem?: string
}

/** Somebody who opens links: a cookie jar of its own and a manner of asking. */
export interface Visitor {
  head(url: string): Promise<VisitedPage>
  get(url: string): Promise<VisitedPage>
  /** Opens the page and presses its button, if it has one. */
  getAndSubmit(url: string): Promise<readonly VisitedPage[]>
}

/** What a browser sends when a person or a headless browser opens a link from a mail. */
export const browserHeaders: Readonly<Record<string, string>> = {
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'accept-language': 'en',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-user': '?1',
  'upgrade-insecure-requests': '1',
}

/** What plain mail security sends: no more than a client library does. */
export const scannerHeaders: Readonly<Record<string, string>> = {
  'user-agent': 'Mozilla/5.0 (compatible; LinkScanner/1.0)',
  accept: '*/*',
}

// An app that takes longer to show a page with one button has other problems.
const visitTimeoutMs = 10_000
// A page may first redirect, to add a slash or to drop the token from the address.
const maxRedirects = 3

/** A visitor without cookies who sends these headers. */
export function createVisitor(headers: Readonly<Record<string, string>>): Visitor {
  const cookies = new Map<string, string>()

  async function send(
    method: VisitedPage['method'],
    url: string,
    more: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<{ page: VisitedPage; html: string; next: string | undefined }> {
    const path = new URL(url).pathname
    const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ')
    try {
      const answer = await sendRequest({
        method,
        url,
        timeoutMs: visitTimeoutMs,
        headers: { ...headers, ...(cookie !== '' && { cookie }), ...more.headers },
        ...(more.body !== undefined && { body: more.body }),
      })
      for (const line of answer.setCookies) keep(line)
      const next = answer.location === undefined ? undefined : new URL(answer.location, url).href
      const page: VisitedPage = {
        method,
        path,
        status: answer.status,
        ...(next !== undefined && { location: withoutQuery(next) }),
      }
      return { page, html: answer.text, next }
    } catch (error) {
      return {
        page: { method, path, status: 0, problem: problemOf(error) },
        html: '',
        next: undefined,
      }
    }
  }

  function keep(setCookie: string): void {
    const [pair = ''] = setCookie.split(';')
    const at = pair.indexOf('=')
    if (at > 0) cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim())
  }

  return {
    head: async (url) => (await send('HEAD', url)).page,
    get: async (url) => (await send('GET', url)).page,
    getAndSubmit: async (url) => {
      let at = url
      const first = await send('GET', at)
      const pages = [first.page]
      let html = first.html
      for (let next = first.next, i = 0; next !== undefined && i < maxRedirects; i++) {
        // Only within the app: where a sign-in leads to is none of our business.
        if (new URL(next).origin !== new URL(url).origin) break
        at = next
        const followed = await send('GET', at)
        pages.push(followed.page)
        html = followed.html
        next = followed.next
      }
      const form = findForm(html, at)
      if (form === undefined) return pages
      const submitted = await send('POST', form.action, {
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: new URL(at).origin,
          ...('sec-fetch-site' in headers && { 'sec-fetch-site': 'same-origin' }),
        },
        body: new URLSearchParams([...form.fields]).toString(),
      })
      return [...pages, submitted.page]
    },
  }
}

function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'The request failed.'
  if ('code' in error && error.code === 'ECONNREFUSED') {
    return 'Nothing listens there: is the app running?'
  }
  return error.message
}
