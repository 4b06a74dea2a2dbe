import type { Emulator } from '../../handle.ts'
import type { Message } from '../../world/messages/message.ts'
import type { SignedInUser } from '../../world/sessions/sign-in.ts'
import { sendRequest } from '../../visitors/send-request.ts'
import { type AppAddress, Browser, type Exchange, lastOf } from '../browser.ts'
import { CannotCheckError } from '../cannot-check.ts'
import { type LinkRequest, type SignInRoute, requestLink } from './find-sign-in.ts'
import { handedOn } from '../handed-on.ts'
import { postToken, usualVerifyPaths } from '../post-token.ts'
import type { Secrets } from '../secrets.ts'
import type { SiteFacts } from './site-facts.ts'
import { Traces } from '../traces.ts'

/** A link as it was opened: every request, and whether the one-time token was redeemed. */
export interface Opening {
  readonly trail: readonly [Exchange, ...Exchange[]]
  readonly redeemed: boolean
  /** Where the token was posted as JSON, as the script of the page does. */
  readonly verifyPath?: string | null
}

/** A mailed link. */
export interface MailedLink {
  readonly url: string
  readonly token: string
  readonly messageId: string
  readonly address: string
}

const serviceTimeoutMs = 10_000

/** The app under check: the steps that checks are made of. */
export class Site {
  readonly emulator: Emulator
  readonly address: AppAddress
  readonly secrets: Secrets
  readonly traces: Traces
  readonly output: () => string
  /** How responses hand tokens on in URLs, each with one that does. */
  readonly tokensInUrls = new Map<string, Exchange>()
  #facts: SiteFacts | undefined
  #signedIn: { browser: Browser; address: string } | undefined

  constructor(emulator: Emulator, address: AppAddress, secrets: Secrets, output: () => string) {
    this.emulator = emulator
    this.address = address
    this.secrets = secrets
    this.traces = new Traces(secrets)
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
    const browser: Browser = new Browser(this.address, (exchange) => {
      for (const line of exchange.setCookies) this.traces.addCookie(line)
      this.traces.addUrl(exchange.location ?? '')
      const problem = handedOn(exchange, this.traces.oneTimeTokens, (url) => browser.isOwn(url))
      if (problem !== undefined) this.tokensInUrls.set(problem, exchange)
    })
    return browser
  }

  /**
   * Asks for a link for a new user.
   *
   * @throws {CannotCheckError} the app limits how many links it sends, which says nothing of an attack
   */
  async tryRequestLink(
    browser: Browser,
    more: Parameters<typeof requestLink>[4] = {},
    route = this.facts.signIn,
  ): Promise<LinkRequest & { readonly link: MailedLink | undefined }> {
    const address = this.traces.newAddress(route.takesPhone)
    if (route.knownUsersOnly) await this.emulator.signIn(address)
    const request = await requestLink(this.emulator, browser, route, address, more)
    if (request.exchange.status === 429) throw this.#noLink(request.exchange)
    return { ...request, link: request.message && this.#linkOf(request.message, address) }
  }

  /** @throws {CannotCheckError} no link arrived */
  async requestLink(browser: Browser, route?: SignInRoute): Promise<MailedLink> {
    const { exchange, link } = await this.tryRequestLink(browser, {}, route)
    if (link !== undefined) return link
    throw this.#noLink(exchange)
  }

  /** Whether the one-time token of a link was redeemed. */
  isRedeemed({ messageId, url }: MailedLink): boolean {
    const links = this.emulator.inbox.get(messageId)?.links ?? []
    return links.some((link) => link.url === url && link.state === 'used')
  }

  /**
   * Opens a link as a user does, and confirms it if its page has a form. `again` does so for a link that
   * was redeemed before.
   */
  async open(
    browser: Browser,
    link: MailedLink,
    { url = link.url, again = false }: { url?: string; again?: boolean } = {},
  ): Promise<Opening> {
    const [first, ...others] = await browser.open(url)
    const trail: [Exchange, ...Exchange[]] = [first, ...others]
    const [form] = browser.formsOf(lastOf(trail))
    if (!again && this.isRedeemed(link)) return { trail, redeemed: true }
    if (form !== undefined) {
      trail.push(...(await browser.open(form.action, { form: form.fields })))
      return { trail, redeemed: this.isRedeemed(link) }
    }
    const known = this.#facts?.verifyPath
    if (known === null) return { trail, redeemed: false }
    const paths = known === undefined ? [new URL(url).pathname, ...usualVerifyPaths] : [known]
    const posted = await postToken(browser, paths, link.token, () => this.isRedeemed(link))
    if (posted !== undefined) trail.push(posted)
    return { trail, redeemed: this.isRedeemed(link), verifyPath: posted?.path ?? null }
  }

  /** A browser that signs in through the app's pages. */
  async signIn(): Promise<Browser> {
    const browser = this.newBrowser()
    const { trail } = await this.open(browser, await this.requestLink(browser))
    if ((await this.hasSession(browser)) !== false) return browser
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
    this.traces.addTokens(tokens)
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
    return this.isIn(await this.visitPage(browser))
  }

  /** Whether a response of the guarded page is that of a signed-in user. */
  isIn({ status, text }: Exchange): boolean {
    const isOk = status >= 200 && status < 300
    return isOk && (!this.facts.pageNamesUser || this.traces.namesUser(text))
  }

  /** Whether the browser has a session; undefined if the app gives no way to tell. */
  async hasSession(browser: Browser): Promise<boolean | undefined> {
    const { page, sessionCookie } = this.facts
    if (page !== undefined) return await this.isSignedIn(browser)
    return sessionCookie && browser.jar.get(sessionCookie.name) !== undefined
  }

  /** Signs out as a user does. Undefined if no way was found. */
  async logOut(browser: Browser, logout = this.facts.logout): Promise<Exchange | undefined> {
    if (logout === undefined) return undefined
    if (logout.method === 'GET') return await browser.request(logout.path)
    if (logout.page === undefined) return await browser.request(logout.path, logout)
    const forms = browser.formsOf(await browser.request(logout.page))
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

  #noLink({ method, path, status }: Exchange): CannotCheckError {
    const what = this.secrets.redact(`${method} ${new URL(path, this.address.origin).pathname}`)
    const limits =
      status === 429 ? ' Raise the limits of the app for this run: it takes about 30 links.' : ''
    return new CannotCheckError(`${what} sent no link: its response was ${status}.${limits}`)
  }

  #linkOf(message: Message, address: string): MailedLink {
    const [link] = message.links
    if (link === undefined) throw new Error('A message has no link.')
    const mailed = { url: link.url, token: link.token, messageId: message.id, address }
    this.traces.addLink(mailed)
    return mailed
  }
}
