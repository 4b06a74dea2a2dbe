/**
 * An HTTP client that keeps cookies as a browser does and sends the headers of a navigation. Time
 * comes from the test's clock, so a cookie expires when its Max-Age has passed.
 */
import { request } from 'undici'

/** The most bytes of a cookie's name and value that a browser keeps (RFC 6265bis section 5.6). */
const maxCookieBytes = 4096

interface Cookie {
  value: string
  endsAt: number
}

/** A response with its body read. */
export interface BrowserResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly location: string | undefined
}

/** What a request may say; without anything it is a navigation. */
export interface Visit {
  method?: 'GET' | 'POST' | 'HEAD'
  /** Fields of a form on a page of the same site. */
  form?: Record<string, string>
  /** A body that is sent unchanged; its type is in `headers`. */
  body?: string
  /** Replaces the headers of a navigation that the user typed or clicked. */
  headers?: Record<string, string>
}

/** One browser profile of a user. */
export class Browser {
  readonly #origin: string
  readonly #now: () => number
  readonly #cookies = new Map<string, Cookie>()

  /** What `Accept-Language` navigations send. @default none */
  language: string | undefined

  #server: string

  /** @param server the app's own address, where a proxy would be in front of it @default the origin */
  constructor(origin: string, now: () => number = Date.now, server: string = origin) {
    this.#origin = origin
    this.#now = now
    this.#server = server
  }

  /** The names of the cookies it would send now. */
  get cookieNames(): string[] {
    return this.#live().map(([name]) => name)
  }

  /** The value of a cookie it would send now. */
  cookie(name: string): string | undefined {
    return this.#live().find(([known]) => known === name)?.[1].value
  }

  /** These of its cookies, as a Cookie header. */
  cookiePairs(...names: readonly string[]): string {
    return names.map((name) => `${name}=${this.cookie(name)}`).join('; ')
  }

  /** Sets a cookie by a Set-Cookie line, as a page of another deployment could. */
  setCookie(line: string): void {
    this.#keep(line)
  }

  /** Sends a request, without following redirects. */
  async visit(address: string, visit: Visit = {}): Promise<BrowserResponse> {
    const url = new URL(address, this.#origin)
    const form = visit.form && new URLSearchParams(visit.form).toString()
    const body = visit.body ?? form
    const method = visit.method ?? (body === undefined ? 'GET' : 'POST')
    const response = await request(this.#server + url.pathname + url.search, {
      method,
      headers: {
        ...(visit.headers ?? this.#navigation(method)),
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...this.#cookieHeader(),
      },
      body: body ?? null,
    })
    for (const line of [response.headers['set-cookie'] ?? []].flat()) this.#keep(line)
    const location = [response.headers['location']].flat()[0]
    return {
      status: response.statusCode,
      headers: response.headers,
      body: await response.body.text(),
      location,
    }
  }

  /** Sends a request and follows redirects within the app, at most five. */
  async open(address: string, visit: Visit = {}): Promise<BrowserResponse> {
    let response = await this.visit(address, visit)
    for (let hops = 0; response.location !== undefined && hops < 5; hops++) {
      response = await this.visit(response.location)
    }
    return response
  }

  /** Sends further requests to another instance of the app, as a load balancer may. */
  balanceTo(server: string): void {
    this.#server = server
  }

  /** The same browser once more, cookies and all: one response it gets, the other never sees. */
  copy(): Browser {
    const copy = new Browser(this.#origin, this.#now, this.#server)
    for (const [name, cookie] of this.#cookies) copy.#cookies.set(name, { ...cookie })
    return copy
  }

  /** The hidden fields of the first form of a page. */
  hiddenFields(page: BrowserResponse): Record<string, string> {
    const hidden = [...page.body.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    return Object.fromEntries(
      hidden.map(([, name = '', value = '']) => [unescape(name), unescape(value)]),
    )
  }

  /** Submits the first form of a page, with these fields added. */
  async submit(
    page: BrowserResponse,
    fields: Record<string, string> = {},
  ): Promise<BrowserResponse> {
    const form = /<form method="post" action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(page.body)
    if (form === null) throw new Error('the page has no form to submit')
    const hidden = [...(form[2] ?? '').matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    const kept = hidden.map(([, name = '', value = '']) => [unescape(name), unescape(value)])
    return await this.visit(unescape(form[1] ?? ''), {
      form: { ...Object.fromEntries(kept), ...fields },
    })
  }

  #navigation(method: string): Record<string, string> {
    const post = method === 'POST'
    return {
      accept: 'text/html,application/xhtml+xml',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      'sec-fetch-site': post ? 'same-origin' : 'none',
      'sec-fetch-user': '?1',
      ...(this.language !== undefined && { 'accept-language': this.language }),
      ...(post && { origin: this.#origin }),
    }
  }

  #live(): [string, Cookie][] {
    return [...this.#cookies].filter(([, { endsAt }]) => endsAt > this.#now())
  }

  #cookieHeader(): Record<string, string> {
    const pairs = this.#live().map(([name, { value }]) => `${name}=${value}`)
    return pairs.length > 0 ? { cookie: pairs.join('; ') } : {}
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals)
    const value = pair.slice(equals + 1)
    if (Buffer.byteLength(name + value) > maxCookieBytes) return
    const given = new Map(
      attributes.map((attribute) => {
        const [key = '', text = ''] = attribute.split('=')
        return [key.toLowerCase(), text]
      }),
    )
    const secure = given.has('secure')
    // Browsers drop a Secure cookie set over plain http, and a __Host- cookie without its conditions.
    if (secure && this.#origin.startsWith('http:')) return
    if (
      name.startsWith('__Host-') &&
      (!secure || given.has('domain') || given.get('path') !== '/')
    ) {
      return
    }
    const maxAge = given.get('max-age')
    const endsAt = maxAge === undefined ? Infinity : this.#now() + Number(maxAge) * 1000
    this.#cookies.set(name, { value, endsAt })
  }
}

const characters: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
}

function unescape(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => characters[entity] ?? entity)
}
