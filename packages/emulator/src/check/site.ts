import type { Emulator } from '../handle.ts'
import type { Message } from '../world/messages/message.ts'
import type { SignedInUser } from '../world/sessions/sign-in.ts'
import { sendRequest } from '../visitors/send-request.ts'
import { type AppAddress, Browser, type Exchange, lastOf } from './browser.ts'
import { CannotCheckError } from './cannot-check.ts'
import type { StoredCookie } from './cookie-jar.ts'
import { type LinkRequest, type SignInRoute, requestLink } from './find-sign-in.ts'
import type { Secrets } from './secrets.ts'

/** How a user signs out. */
export interface LogoutRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** The page with the form, if there is one. */
  readonly page?: string | undefined
}

/** What is known of the app after its first sign-in. */
export interface SiteFacts {
  /** The origin that links lead to. */
  readonly origin: string
  readonly signIn: SignInRoute
  /** A page that only signed-in users get; undefined if none was found. */
  readonly page: string | undefined
  readonly logout: LogoutRoute | undefined
  /** The cookies that hold the session: those with tokens, or else all that the sign-in set. */
  readonly cookies: readonly StoredCookie[]
  /** Those with tokens of the service. An app with sessions of its own has none. */
  readonly sessionCookie: StoredCookie | undefined
  readonly refreshCookie: StoredCookie | undefined
  /** Whether the page refreshes an expired session by itself. */
  readonly refreshes: boolean
}

/** A link as it was opened: every request, and whether the one-time token was redeemed. */
export interface Opening {
  readonly trail: readonly [Exchange, ...Exchange[]]
  readonly redeemed: boolean
}

/** A mailed link. */
export interface MailedLink {
  readonly url: string
  readonly messageId: string
  readonly address: string
}

const serviceTimeoutMs = 10_000

/** The app under check: the steps that checks are made of. */
export class Site {
  readonly emulator: Emulator
  readonly address: AppAddress
  readonly secrets: Secrets
  readonly output: () => string
  #facts: SiteFacts | undefined
  #signedIn: { browser: Browser; address: string } | undefined
  #addresses = 0

  constructor(emulator: Emulator, address: AppAddress, secrets: Secrets, output: () => string) {
    this.emulator = emulator
    this.address = address
    this.secrets = secrets
    this.output = output
  }

  /** Known once the app was explored. */
  get facts(): SiteFacts {
    if (this.#facts === undefined) throw new Error('The app was not explored yet.')
    return this.#facts
  }

  /** Ends the exploration: what was found, and the browser that signed in. */
  explored(facts: SiteFacts, browser: Browser, address: string): void {
    this.#facts = facts
    this.#signedIn = { browser, address }
  }

  /** A browser without cookies. */
  newBrowser(): Browser {
    return new Browser(this.address, ({ setCookies }) => {
      for (const line of setCookies) this.#rememberCookie(line)
    })
  }

  /** An address that no earlier step used. */
  newAddress(): string {
    this.#addresses += 1
    return `check-${this.#addresses}-${Math.random().toString(36).slice(2, 8)}@example.com`
  }

  /** Asks for a link. Without `address`, for a new user. */
  async tryRequestLink(
    browser: Browser,
    more: Parameters<typeof requestLink>[4] = {},
    route = this.facts.signIn,
  ): Promise<LinkRequest & { readonly link: MailedLink | undefined }> {
    const address = this.newAddress()
    if (route.knownUsersOnly) await this.emulator.signIn(address)
    const request = await requestLink(this.emulator, browser, route, address, more)
    return { ...request, link: request.message && this.#linkOf(request.message, address) }
  }

  /** @throws {CannotCheckError} no link arrived */
  async requestLink(browser: Browser, route?: SignInRoute): Promise<MailedLink> {
    const { exchange, link } = await this.tryRequestLink(browser, {}, route)
    if (link !== undefined) return link
    const { method, path, status } = exchange
    throw new CannotCheckError(
      `${this.secrets.redact(`${method} ${path}`)} sent no link this time: its response was ${status}.`,
    )
  }

  /** Whether the one-time token of a link was redeemed. */
  isRedeemed({ messageId, url }: MailedLink): boolean {
    const links = this.emulator.inbox.get(messageId)?.links ?? []
    return links.some((link) => link.url === url && link.state === 'used')
  }

  /** Opens a link as a user does, and confirms it if its page has a form. */
  async open(browser: Browser, link: MailedLink, url = link.url): Promise<Opening> {
    const [first, ...others] = await browser.open(url)
    const trail: [Exchange, ...Exchange[]] = [first, ...others]
    const [form] = browser.formsOf(lastOf(trail))
    if (!this.isRedeemed(link) && form !== undefined) {
      trail.push(...(await browser.open(form.action, { form: form.fields })))
    }
    return { trail, redeemed: this.isRedeemed(link) }
  }

  /** A browser that signs in through the app's pages. */
  async signIn(): Promise<Browser> {
    const browser = this.newBrowser()
    const { trail } = await this.open(browser, await this.requestLink(browser))
    const { page } = this.facts
    const isIn = page === undefined || (await this.isSignedIn(browser))
    if (isIn) return browser
    throw new CannotCheckError(`A sign-in ended with the response ${lastOf(trail).status}.`)
  }

  /**
   * A browser with a session of the given age, without a sign-in by link: it has the cookies of the
   * browser that signed in, and in them other tokens for the same user. Only for an app whose cookies
   * hold tokens.
   */
  async withSession(ageSeconds = 0): Promise<{ browser: Browser; tokens: SignedInUser }> {
    const { sessionCookie, refreshCookie } = this.facts
    const { browser, address } = this.#signedIn ?? { browser: this.newBrowser(), address: '' }
    const tokens = await this.emulator.signIn(address, { ageSeconds })
    this.#rememberTokens(tokens)
    const copy = browser.copy()
    if (sessionCookie) copy.jar.replace(sessionCookie.name, tokens.sessionJwt)
    if (refreshCookie) copy.jar.replace(refreshCookie.name, tokens.refreshJwt)
    return { browser: copy, tokens }
  }

  /** A browser with a live session, which a check may end. */
  async freshSession(): Promise<Browser> {
    return this.facts.sessionCookie ? (await this.withSession()).browser : await this.signIn()
  }

  /** A session whose token expired a minute ago, with a live refresh token. */
  withExpiredSession(): ReturnType<Site['withSession']> {
    return this.withSession(11 * 60)
  }

  /** Requests the guarded page. */
  async visitPage(browser: Browser): Promise<Exchange> {
    return await browser.request(this.facts.page ?? '/')
  }

  /** Whether the guarded page lets the browser in. */
  async isSignedIn(browser: Browser): Promise<boolean> {
    return isIn(await this.visitPage(browser))
  }

  /** Signs out as a user does. Undefined if no way was found. */
  async logOut(browser: Browser): Promise<Exchange | undefined> {
    const { logout } = this.facts
    if (logout === undefined) return undefined
    if (logout.method === 'GET') return await browser.request(logout.path)
    const page = logout.page && (await browser.request(logout.page))
    const forms = page ? browser.formsOf(page) : []
    const form = forms.find(({ action }) => new URL(action).pathname === logout.path)
    return await browser.request(logout.path, { method: 'POST', form: form?.fields ?? new Map() })
  }

  /** Ends a session at the service, as an administrator could. */
  async revoke(refreshToken: string): Promise<void> {
    await this.#callService('/v1/auth/logout', refreshToken)
  }

  /** Whether the service still accepts a refresh token. */
  async isLive(refreshToken: string | undefined): Promise<boolean> {
    return refreshToken !== undefined && (await this.#callService('/v1/auth/refresh', refreshToken))
  }

  /** Resolves after some real time: the app has a clock of its own. */
  pause(ms: number): Promise<void> {
    return this.emulator.clock.sleep(ms)
  }

  /** Runs a step, and counts the requests to the service on that path meanwhile. */
  async countCalls<T>(path: string, step: () => Promise<T>): Promise<{ calls: number; result: T }> {
    const before = new Set(this.emulator.requests().map(({ id }) => id))
    const result = await step()
    const since = this.emulator.requests().filter((request) => !before.has(request.id))
    return { calls: since.filter((request) => request.path === path).length, result }
  }

  async #callService(path: string, refreshToken: string): Promise<boolean> {
    const { url, projectId } = this.emulator
    const headers = { authorization: `Bearer ${projectId}:${refreshToken}` }
    const call = { method: 'POST', url: url + path, headers, timeoutMs: serviceTimeoutMs } as const
    return (await sendRequest(call)).status === 200
  }

  #linkOf(message: Message, address: string): MailedLink {
    const [link] = message.links
    if (link === undefined) throw new Error('A message has no link.')
    this.secrets.add(link.token, 'one-time token')
    const state = new URL(link.url).pathname.split('/').at(-1) ?? ''
    if (/^[\w-]{16,}$/.test(state)) this.secrets.addHarmless(state, 'state')
    return { url: link.url, messageId: message.id, address }
  }

  #rememberTokens({ sessionJwt, refreshJwt }: SignedInUser): void {
    this.secrets.add(sessionJwt, 'session token')
    this.secrets.add(refreshJwt, 'refresh token')
  }

  #rememberCookie(line: string): void {
    const [pair = ''] = line.split(';')
    const [name = '', ...rest] = pair.split('=')
    const value = rest.join('=').trim()
    const drn = tokenKind(value)
    if (drn === 'DS') this.secrets.add(value, 'session token')
    else if (drn === 'DSR') this.secrets.add(value, 'refresh token')
    else if (value.length >= 16) this.secrets.add(value, `cookie ${name.trim()}`)
  }
}

/** Whether a response of the guarded page is that of a signed-in user. */
export function isIn({ status }: Exchange): boolean {
  return status >= 200 && status < 300
}

/** The claim `drn` of a JWT: DS for a session token, DSR for a refresh token. Undefined for other text. */
export function tokenKind(value: string): string | undefined {
  const [, payload] = /^eyJ[\w-]+\.([\w-]+)\.[\w-]+$/.exec(value) ?? []
  if (payload === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const hasKind = typeof claims === 'object' && claims !== null && 'drn' in claims
    return hasKind ? String(claims.drn) : undefined
  } catch {
    return undefined
  }
}
