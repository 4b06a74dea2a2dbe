import { lastOf } from '../browser.ts'
import { CannotCheckError } from '../cannot-check.ts'
import { isSentTo } from '../cookie-jar.ts'
import { findLogout, findPages } from './find-pages.ts'
import { findSignIn, pathsDownTo } from './find-sign-in.ts'
import type { MailedLink, Opening, Site } from './site.ts'
import type { SiteFacts } from './site-facts.ts'
import { readToken } from '../read-token.ts'

/** What the user says about the app's routes. */
export interface RouteOptions {
  /** Where sign-in is mounted, such as `/auth`. @default searched for */
  readonly base: string | undefined
  /** The path of the URL that the app prints. */
  readonly printed: string | undefined
  /** A page that only signed-in users get. @default searched for */
  readonly page: string | undefined
}

/**
 * Signs in once through the app's own pages, and learns its routes and cookies from it.
 *
 * @throws {CannotCheckError} the sign-in did not succeed; the message says at which step
 */
export async function explore(site: Site, options: RouteOptions): Promise<void> {
  const { emulator } = site
  await learnOrigin(site)
  const signIn = await findSignIn({
    emulator,
    newBrowser: () => site.newBrowser(),
    newAddress: (phone) => site.traces.newAddress(phone),
    base: options.base ?? options.printed,
  })
  const browser = site.newBrowser()
  const link = await site.requestLink(browser, signIn)
  site.address.origin = new URL(link.url).origin
  const before = new Set(browser.jar.all().map(({ name, value }) => `${name}=${value}`))
  const opening = await site.open(browser, link)
  if (!opening.redeemed) throw new CannotCheckError(notRedeemed(site, link, opening))
  const changed = browser.jar.all().filter(({ name, value }) => !before.has(`${name}=${value}`))
  const fresh = changed.length > 0 ? changed : browser.jar.all()
  if (fresh.length === 0) {
    throw new CannotCheckError(
      'The link was redeemed, but its response set no cookie. check needs an app that keeps its session in cookies.',
    )
  }
  const sessionCookie = fresh.find(({ value }) => readToken(value)?.drn === 'DS')
  const refreshCookie = fresh.find(({ value }) => readToken(value)?.drn === 'DSR')
  const tokens = [sessionCookie, refreshCookie].filter((cookie) => cookie !== undefined)
  const own = fresh.filter(({ name }) => !/csrf|xsrf/i.test(name))
  const cookies = tokens.length > 0 ? tokens : own
  const landing = lastOf(opening.trail)
  const base = options.base ?? baseOf(signIn.path, new URL(link.url).pathname) ?? options.printed
  const { verifyPath = null } = opening
  const found = {
    origin: site.address.origin,
    signIn,
    verifyPath,
    renewed: changed.length > 0,
    cookies,
    sessionCookie,
    refreshCookie,
  }
  const noPages = { page: undefined, pages: [], pageNamesUser: false }
  let facts: SiteFacts = { ...found, ...noPages, logout: undefined, refreshes: false }
  const learn = (more: Partial<SiteFacts>): void => {
    facts = { ...facts, ...more }
    site.explored(facts, browser, link.address)
  }
  learn({})
  learn(await findPages(site, browser, landing, base, options.page))
  learn({ logout: await findLogout(site, browser, [landing.path, facts.page], base) })
  learn({ refreshes: await refreshesItself(site) })
}

/** An app that redirects to https, or to its own host, says where users find it. */
async function learnOrigin(site: Site): Promise<void> {
  const browser = site.newBrowser()
  const { location } = await browser.request('/')
  if (location === undefined || browser.isOwn(location)) return
  const { origin, pathname } = new URL(location)
  if (pathname === '/') site.address.origin = origin
}

async function refreshesItself(site: Site): Promise<boolean> {
  const { page, sessionCookie, refreshCookie } = site.facts
  if (page === undefined || sessionCookie === undefined || refreshCookie === undefined) return false
  if (!isSentTo(refreshCookie, page)) return false
  const { browser } = await site.withExpiredSession()
  const { calls, result } = await site.countCalls('/v1/auth/refresh', () => site.visitPage(browser))
  return calls > 0 && site.isIn(result)
}

/** The path below which both routes are: `/auth` of `/auth/magic-link` and `/auth/verify/…`. */
function baseOf(signIn: string, link: string): string | undefined {
  return pathsDownTo(signIn)
    .slice(1)
    .find((place) => link.startsWith(`${place}/`))
}

function notRedeemed(site: Site, link: MailedLink, { trail }: Opening): string {
  const isUnknown = trail[0].status === 404
  const { method, path, status, failure } = isUnknown ? trail[0] : lastOf(trail)
  const at = `${method} ${site.secrets.redact(path)} responded ${failure ?? status}`
  const { origin } = new URL(link.url)
  const proxied = isUnknown
    ? ' If a proxy takes a part of the path off, start the app for check with a URL without it.'
    : ''
  return `The link did not sign in: ${at}. The link leads to ${origin}.${proxied} check follows redirects, submits the form of the page, and posts the token as JSON to the usual paths; it runs no script.`
}
