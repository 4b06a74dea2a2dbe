import { type PageForm, findForms } from '../visitors/page-form.ts'
import { sendRequest } from '../visitors/send-request.ts'
import { browserHeaders } from '../visitors/visitor.ts'
import { CookieJar } from './cookie-jar.ts'

/** Where the app listens, and where its users find it. */
export interface AppAddress {
  /** Where requests are sent: `http://localhost:3000`. */
  readonly server: string
  /** The origin of the app's links, such as `https://app.example.com`. @default the server */
  origin: string
}

/** A request to the app and its response. */
export interface Exchange {
  readonly method: 'HEAD' | 'GET' | 'POST'
  /** Path and query. */
  readonly path: string
  /** 0 if there was no response. */
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly setCookies: readonly string[]
  /** The absolute URL of a redirect, as a browser resolves it. */
  readonly location: string | undefined
  readonly text: string
  /** Why there was no response. */
  readonly failure?: string
}

/** How a request is sent. Without anything, it is a page that a user opens. */
export interface Visit {
  readonly method?: Exchange['method']
  /** Instead of the headers of a browser. */
  readonly headers?: Readonly<Record<string, string>>
  /** In addition to the other headers. */
  readonly moreHeaders?: Readonly<Record<string, string>>
  readonly form?: ReadonlyMap<string, string>
  readonly json?: unknown
  /** Sent by a page of another site: the browser says so, and holds back cookies that are not for it. */
  readonly crossSite?: boolean
}

/** The other site of every attack. The name is reserved (RFC 2606), so it is nobody's. */
export const attackerOrigin = 'https://attacker.example'

const requestTimeoutMs = 10_000
const maxRedirects = 8

/** One browser with its cookies. It sends requests to one app only. */
export class Browser {
  readonly jar: CookieJar
  readonly #app: AppAddress
  readonly #onExchange: (exchange: Exchange) => void

  constructor(app: AppAddress, onExchange: (exchange: Exchange) => void, jar = new CookieJar()) {
    this.#app = app
    this.#onExchange = onExchange
    this.jar = jar
  }

  /** The same browser once more: what one does with its cookies, the other does not see. */
  copy(): Browser {
    return new Browser(this.#app, this.#onExchange, new CookieJar(this.jar.all()))
  }

  /** Whether a URL is one of the app. */
  isOwn(url: string): boolean {
    const { origin } = new URL(url)
    return origin === this.#app.origin || origin === this.#app.server
  }

  /** Sends one request and keeps the cookies of the response; a redirect is not followed. */
  async request(address: string, visit: Visit = {}): Promise<Exchange> {
    const { pathname, search } = new URL(address, this.#app.origin)
    const path = pathname + search
    const body = bodyOf(visit)
    const method = visit.method ?? (body === undefined ? 'GET' : 'POST')
    const cookie = this.jar.header(pathname, visit.crossSite === true && method === 'POST')
    const exchange = await this.#send(method, path, body?.text, {
      ...(visit.headers ?? this.#headers(method, visit)),
      ...(body !== undefined && { 'content-type': body.type }),
      ...(cookie !== '' && { cookie }),
      ...visit.moreHeaders,
    })
    for (const line of exchange.setCookies) this.jar.keep(line)
    this.#onExchange(exchange)
    return exchange
  }

  /** Sends a request and follows redirects within the app. The last exchange is where it ended. */
  async open(address: string, visit: Visit = {}): Promise<readonly [Exchange, ...Exchange[]]> {
    const trail: [Exchange, ...Exchange[]] = [await this.request(address, visit)]
    for (let hops = 0; hops < maxRedirects; hops++) {
      const next = lastOf(trail).location
      if (next === undefined || !this.isOwn(next)) break
      const headers = visit.headers === undefined ? {} : { headers: visit.headers }
      trail.push(await this.request(next, headers))
    }
    return trail
  }

  /** The forms of a page that post to the app. */
  formsOf(page: Exchange): readonly PageForm[] {
    if (page.status === 0) return []
    const forms = findForms(page.text, this.#app.origin + page.path)
    return forms.filter((form) => this.isOwn(form.action))
  }

  #headers(method: Exchange['method'], visit: Visit): Record<string, string> {
    const isApi = visit.json !== undefined
    return {
      ...browserHeaders,
      ...(isApi && {
        accept: 'application/json',
        'sec-fetch-mode': 'cors',
        'sec-fetch-dest': 'empty',
      }),
      ...(method === 'POST' && { origin: this.#app.origin, 'sec-fetch-site': 'same-origin' }),
      ...(visit.crossSite && { origin: attackerOrigin, 'sec-fetch-site': 'cross-site' }),
      ...(visit.crossSite && { referer: `${attackerOrigin}/` }),
    }
  }

  async #send(
    method: Exchange['method'],
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<Exchange> {
    const { server, origin } = this.#app
    const { host, protocol } = new URL(origin)
    // What a proxy in front of the app adds.
    const proxied = origin !== server && { host, 'x-forwarded-proto': protocol.slice(0, -1) }
    try {
      const response = await sendRequest({
        method,
        url: server + path,
        headers: { ...proxied, ...headers },
        timeoutMs: requestTimeoutMs,
        ...(body !== undefined && { body }),
      })
      const { status, setCookies, text } = response
      const location = resolved(response.location, origin + path)
      return { method, path, status, headers: response.headers, setCookies, location, text }
    } catch (error) {
      const failure = error instanceof Error ? error.message : 'The request failed.'
      const none = { status: 0, headers: {}, setCookies: [], location: undefined, text: '' }
      return { method, path, ...none, failure }
    }
  }
}

/** The last exchange of a trail. */
export function lastOf(trail: readonly [Exchange, ...Exchange[]]): Exchange {
  return trail.at(-1) ?? trail[0]
}

/** Path and query of a URL. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url, attackerOrigin)
  return pathname + search
}

/** A path with parameters in its query; they replace those of the same name. */
export function withParams(path: string, params: ReadonlyMap<string, string>): string {
  const url = new URL(path, attackerOrigin)
  for (const [name, value] of params) url.searchParams.set(name, value)
  return url.pathname + url.search
}

function resolved(location: string | undefined, base: string): string | undefined {
  if (location === undefined || !URL.canParse(location, base)) return undefined
  return new URL(location, base).href
}

function bodyOf({ form, json }: Visit): { text: string; type: string } | undefined {
  if (json !== undefined) return { text: JSON.stringify(json), type: 'application/json' }
  if (form === undefined) return undefined
  const text = new URLSearchParams([...form]).toString()
  return { text, type: 'application/x-www-form-urlencoded' }
}
