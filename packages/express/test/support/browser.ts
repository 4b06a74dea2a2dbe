/**
 * As much of a browser as signing in needs, without one: it holds cookies as a browser holds them
 * and says about a navigation what a browser says. Time comes from the test's clock, so cookies end
 * when their Max-Age does.
 */
import { request } from 'undici'

/** What a browser keeps of a cookie, name and value together (RFC 6265bis section 5.6). */
const maxCookieBytes = 4096

interface Cookie {
  value: string
  endsAt: number
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly location: string | undefined
}

export interface Visit {
  method?: 'GET' | 'POST' | 'HEAD'
  /** Fields of a form, sent as a browser sends them from a page of the same site. */
  form?: Record<string, string>
  /** A body sent as it is; its type goes with `headers`. */
  body?: string
  /** What replaces the headers of a navigation typed or clicked by a person. */
  headers?: Record<string, string>
}

export class Browser {
  readonly #origin: string
  readonly #now: () => number
  readonly #cookies = new Map<string, Cookie>()

  #server: string

  /** @param server where the app answers, when a proxy would stand before it @default the origin */
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

  /** Sets a cookie as a page of another deployment might have. */
  setCookie(line: string): void {
    this.#keep(line)
  }

  /** Opens an address, without following where it leads. */
  async visit(address: string, visit: Visit = {}): Promise<Answer> {
    const url = new URL(address, this.#origin)
    const form = visit.form && new URLSearchParams(visit.form).toString()
    const body = visit.body ?? form
    const method = visit.method ?? (body === undefined ? 'GET' : 'POST')
    const answer = await request(this.#server + url.pathname + url.search, {
      method,
      headers: {
        ...(visit.headers ?? this.#navigation(method)),
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...this.#cookieHeader(),
      },
      body: body ?? null,
    })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) this.#keep(line)
    const location = [answer.headers['location']].flat()[0]
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: await answer.body.text(),
      location,
    }
  }

  /** Opens an address and follows redirects within the app, at most five. */
  async open(address: string, visit: Visit = {}): Promise<Answer> {
    let answer = await this.visit(address, visit)
    for (let hops = 0; answer.location !== undefined && hops < 5; hops++) {
      answer = await this.visit(answer.location)
    }
    return answer
  }

  /** Sends what follows to another instance of the app, as a load balancer may. */
  balanceTo(server: string): void {
    this.#server = server
  }

  /** The same browser once more, cookies and all: one answer it gets, the other never sees. */
  copy(): Browser {
    const copy = new Browser(this.#origin, this.#now, this.#server)
    for (const [name, cookie] of this.#cookies) copy.#cookies.set(name, { ...cookie })
    return copy
  }

  /** The hidden fields of the first form of a page. */
  hiddenFields(page: Answer): Record<string, string> {
    const hidden = [...page.body.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    return Object.fromEntries(
      hidden.map(([, name = '', value = '']) => [unescape(name), unescape(value)]),
    )
  }

  /** Submits the first form of a page that holds `action`'s path. */
  async submit(page: Answer, fields: Record<string, string> = {}): Promise<Answer> {
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
    // A Secure cookie set over plain http is dropped; so is a prefixed one that breaks its promise.
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
