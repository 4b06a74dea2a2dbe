import { findForm } from './page-form.ts'
import { sendRequest } from './send-request.ts'

/** One request of a visitor, without the secret part of its URL. */
export interface VisitedPage {
  readonly method: 'HEAD' | 'GET' | 'POST'
  readonly path: string
  /** 0 if there was no response. */
  readonly status: number
  /** Where the response redirects to, without the query. */
  readonly location?: string
  /** Why there was no response. */
  readonly problem?: string
}

/** The headers of a browser, also of a headless one, that opens a link from an email. */
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

/** The headers of a simple mail scanner: those of an HTTP library. */
export const scannerHeaders: Readonly<Record<string, string>> = {
  'user-agent': 'Mozilla/5.0 (compatible; LinkScanner/1.0)',
  accept: '*/*',
}

// Far longer than a page with one button takes.
const visitTimeoutMs = 10_000
// A page may redirect first, to add a slash or to remove the token from the URL.
const maxRedirects = 3

/** The result of one request. `next` is the URL of a redirect. */
interface Visit {
  readonly page: VisitedPage
  readonly html: string
  readonly next?: string | undefined
}

/** A client that opens links with the given headers and keeps cookies. */
export class Visitor {
  readonly #headers: Readonly<Record<string, string>>
  readonly #cookies = new Map<string, string>()

  constructor(headers: Readonly<Record<string, string>>) {
    this.#headers = headers
  }

  async head(url: string): Promise<VisitedPage> {
    return (await this.#send('HEAD', url)).page
  }

  async get(url: string): Promise<VisitedPage> {
    return (await this.#send('GET', url)).page
  }

  /** Opens the page and submits its form, if it has one. */
  async getAndSubmit(url: string): Promise<readonly VisitedPage[]> {
    let at = url
    let visit = await this.#send('GET', at)
    const pages = [visit.page]
    for (let i = 0; visit.next !== undefined && i < maxRedirects; i++) {
      // Only within the app: the page after the sign-in may be anywhere.
      if (new URL(visit.next).origin !== new URL(url).origin) break
      at = visit.next
      visit = await this.#send('GET', at)
      pages.push(visit.page)
    }
    const form = findForm(visit.html, at)
    if (form === undefined) return pages
    const submitted = await this.#send('POST', form.action, {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: new URL(at).origin,
        ...('sec-fetch-site' in this.#headers && { 'sec-fetch-site': 'same-origin' }),
      },
      body: new URLSearchParams([...form.fields]).toString(),
    })
    return [...pages, submitted.page]
  }

  async #send(
    method: VisitedPage['method'],
    url: string,
    more: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<Visit> {
    const path = new URL(url).pathname
    const cookie = Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join('; ')
    try {
      const response = await sendRequest({
        method,
        url,
        timeoutMs: visitTimeoutMs,
        headers: { ...this.#headers, ...(cookie !== '' && { cookie }), ...more.headers },
        ...(more.body !== undefined && { body: more.body }),
      })
      for (const line of response.setCookies) this.#storeCookie(line)
      const { status, location } = response
      const next = location === undefined ? undefined : new URL(location, url).href
      const page: VisitedPage = {
        method,
        path,
        status,
        ...(next !== undefined && { location: withoutQuery(next) }),
      }
      return { page, html: response.text, next }
    } catch (error) {
      return { page: { method, path, status: 0, problem: problemOf(error) }, html: '' }
    }
  }

  #storeCookie(setCookie: string): void {
    const [pair = ''] = setCookie.split(';')
    const at = pair.indexOf('=')
    if (at > 0) this.#cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim())
  }
}

function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'The request failed.'
  if ('code' in error && error.code === 'ECONNREFUSED') {
    return 'The connection was refused: check that the app is running.'
  }
  return error.message
}
