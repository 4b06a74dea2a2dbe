import type { Message } from '../../world/messages/message.ts'
import type { Emulator } from '../../handle.ts'
import { type Browser, type Exchange, lastOf, pathOf, withParams } from '../browser.ts'
import { CannotCheckError } from '../cannot-check.ts'

/** How the app is asked for a magic link. */
export interface SignInRoute {
  /** The page with the form; undefined for a route that takes JSON. */
  readonly page: string | undefined
  /** Where the form or the JSON is posted. */
  readonly path: string
  /** Which form of the page it is, since the buttons of a form may post to the same path. */
  readonly form: number
  /** The names of the fields that take the address. */
  readonly addressFields: readonly string[]
  /** Whether the address is a phone number. */
  readonly takesPhone: boolean
  /** Whether the app signs in only users that the service knows. */
  readonly knownUsersOnly: boolean
}

/** A request for a link, and the message that it caused, if one came. */
export interface LinkRequest {
  readonly exchange: Exchange
  readonly message: Message | undefined
}

const messageTimeoutMs = 3000
const noFields: ReadonlyMap<string, string> = new Map()

/** How the search for the route sends requests. */
export interface SearchDependencies {
  readonly emulator: Emulator
  readonly newBrowser: () => Browser
  readonly newAddress: (phone: boolean) => string
  /** Where the app mounts its routes for sign-in: `--base`. */
  readonly base: string | undefined
}

/**
 * Finds the route that sends magic links: first the forms of pages that a visitor can reach, then
 * routes that take JSON, by their usual names.
 *
 * @throws {CannotCheckError} no route sent a magic link
 */
export async function findSignIn(search: SearchDependencies): Promise<SignInRoute> {
  const tried: string[] = []
  const seen = new Set<string>()
  for (const page of pagesToTry(search.base)) {
    for (const form of await formsFrom(search.newBrowser(), page)) {
      const key = `${form.path} ${form.form}`
      if (seen.has(key)) continue
      seen.add(key).add(form.path)
      if (!tried.includes(`POST ${form.path}`)) tried.push(`POST ${form.path}`)
      const route = await firstThatSends(search, [form])
      if (route !== undefined) return route
    }
  }
  for (const path of jsonRoutes(search.base)) {
    if (seen.has(path)) continue
    const shapes = [['email', 'loginId'], ['loginId'], ['email']]
    const routes = shapes.map((addressFields) => ({
      page: undefined,
      path,
      form: 0,
      addressFields,
      takesPhone: false,
    }))
    const route = await firstThatSends(search, routes, tried)
    if (route !== undefined) return route
  }
  throw new CannotCheckError(notFound(search.emulator, tried))
}

/** Asks for a link as the browser's user would, and waits for the message. */
export async function requestLink(
  emulator: Emulator,
  browser: Browser,
  route: Omit<SignInRoute, 'knownUsersOnly'>,
  address: string,
  more: {
    readonly fields?: ReadonlyMap<string, string>
    /** Parameters of the URL of the page and of the request. */
    readonly params?: ReadonlyMap<string, string>
    readonly moreHeaders?: Readonly<Record<string, string>>
    readonly crossSite?: boolean
  } = {},
): Promise<LinkRequest> {
  const { fields = noFields, params = noFields, crossSite = false } = more
  const own = new Map(route.addressFields.map((name) => [name, address]))
  const headers = { ...(more.moreHeaders && { moreHeaders: more.moreHeaders }), crossSite }
  let exchange: Exchange
  if (route.page === undefined && !crossSite) {
    const json = Object.fromEntries([...fields, ...own])
    exchange = await browser.request(withParams(route.path, params), { json, ...headers })
  } else {
    // The page first: its form may have a token against forged requests.
    const page = route.page && lastOf(await browser.open(withParams(route.page, params)))
    const form = page ? browser.formsOf(page)[route.form] : undefined
    const filled = new Map([...(form?.fields ?? []), ...fields, ...own])
    exchange = await browser.request(withParams(pathOf(form?.action ?? route.path), params), {
      form: filled,
      ...headers,
    })
  }
  const mayHaveSent = exchange.status > 0 && exchange.status < 400
  const message = mayHaveSent ? await messageTo(emulator, address) : undefined
  return { exchange, message }
}

async function messageTo(emulator: Emulator, to: string): Promise<Message | undefined> {
  try {
    return await emulator.inbox.waitFor({ to, timeoutMs: messageTimeoutMs })
  } catch {
    return undefined
  }
}

type Candidate = Omit<SignInRoute, 'knownUsersOnly'>

async function firstThatSends(
  { emulator, newBrowser, newAddress }: SearchDependencies,
  candidates: readonly Candidate[],
  tried: string[] = [],
): Promise<SignInRoute | undefined> {
  for (const candidate of candidates) {
    for (const knownUsersOnly of [false, true]) {
      const address = newAddress(candidate.takesPhone)
      if (knownUsersOnly) await emulator.signIn(address)
      const before = new Set(emulator.requests().map(({ id }) => id))
      const { exchange, message } = await requestLink(emulator, newBrowser(), candidate, address)
      if (message?.kind === 'magic-link') return { ...candidate, knownUsersOnly }
      if ([404, 405].includes(exchange.status)) return undefined
      if (!tried.includes(`POST ${candidate.path}`)) tried.push(`POST ${candidate.path}`)
      // A second try makes sense only where the service refused the first one.
      const refused = emulator.requests().some(({ id, status }) => !before.has(id) && status >= 400)
      if (!refused) break
    }
  }
  return undefined
}

const signInPages = [
  '/sign-in',
  '/signin',
  '/login',
  '/auth/sign-in',
  '/auth/signin',
  '/auth/login',
]
const guardedPages = ['/me', '/account', '/dashboard', '/profile', '/home']

function pagesToTry(base: string | undefined): ReadonlySet<string> {
  const below = base === undefined ? [] : ['/sign-in', '/signin', '/login'].map((end) => base + end)
  const usual = ['', ...signInPages, ...guardedPages]
  const places = [...pathsDownTo(base), '']
  return new Set([...below, ...places.flatMap((place) => usual.map((end) => place + end || '/'))])
}

/** A path and those above it, the deepest first: `/portal/auth` and `/portal` of `/portal/auth`. */
export function pathsDownTo(path = ''): readonly string[] {
  const above = path.slice(0, path.lastIndexOf('/') + 1).replace(/\/$/, '')
  return path === '' || path === '/' ? [] : [path, ...pathsDownTo(above)]
}

const jsonEnds = ['/magic-link', '/magiclink', '/login', '/sign-in', '/signin', '/send-link']
const jsonPaths = [
  ...['', '/auth', '/api', '/api/auth'].flatMap((base) => jsonEnds.map((end) => base + end)),
  ...[
    '/magiclink/signin',
    '/magiclink/sign-up-or-in',
    '/magic-link/sign-in',
    '/api/send_magiclink',
  ],
]

function jsonRoutes(base: string | undefined): ReadonlySet<string> {
  const below = base === undefined ? [] : [...jsonEnds.map((end) => base + end), base]
  const places = [...pathsDownTo(base), '']
  return new Set([...below, ...places.flatMap((place) => jsonPaths.map((path) => place + path))])
}

/** The sign-in forms of a page, and of the pages for sign-in that it links to. */
async function formsFrom(browser: Browser, path: string): Promise<readonly Candidate[]> {
  const page = lastOf(await browser.open(path))
  const here = signInForms(browser, page)
  if (here.length > 0 || page.status === 0) return here
  const links = linksOf(page, browser)
  const named = links.filter((link) => /log-?in|sign-?in|auth/i.test(link))
  const found: Candidate[] = []
  // In another language the names are others.
  for (const link of [...new Set([...named.slice(0, 3), ...links.slice(0, 5)])]) {
    found.push(...signInForms(browser, lastOf(await browser.open(link))))
  }
  return found
}

function signInForms(browser: Browser, page: Exchange): readonly Candidate[] {
  return browser.formsOf(page).flatMap(({ action, addressField, takesPhone }, form) => {
    if (addressField === undefined) return []
    const addressFields = [addressField]
    return [{ page: page.path, path: pathOf(action), form, addressFields, takesPhone }]
  })
}

/** The paths within the app that a page links to. */
export function linksOf(page: Exchange, browser: Browser): readonly string[] {
  const paths: string[] = []
  for (const [, , href = ''] of page.text.matchAll(/<a\b[^>]*\shref\s*=\s*(["'])(.*?)\1/gis)) {
    const url = URL.canParse(href, `http://app.invalid${page.path}`)
      ? new URL(href.replaceAll('&amp;', '&'), `http://app.invalid${page.path}`)
      : undefined
    if (url === undefined) continue
    if (url.hostname === 'app.invalid' || browser.isOwn(url.href))
      paths.push(url.pathname + url.search)
  }
  return [...new Set(paths)]
}

function notFound(emulator: Emulator, tried: readonly string[]): string {
  if (emulator.inbox.list().some(({ kind }) => kind === 'enchanted-link')) {
    return 'The app sends enchanted links. check covers magic links.'
  }
  const asked = emulator.requests().some(({ path }) => path.startsWith('/v1/auth/'))
  const looked =
    tried.length === 0
      ? 'No form with a field for an email address or a phone number was found.'
      : `Tried: ${tried.slice(0, 8).join(', ')}.`
  const why = asked
    ? 'The app called the emulator, but sent no magic link.'
    : 'The app did not call the emulator: it must use DESCOPE_PROJECT_ID and DESCOPE_BASE_URL of its environment.'
  return `No route of the app sent a magic link. ${looked} ${why} Use --base with the path where sign-in is mounted, such as --base /auth.`
}
