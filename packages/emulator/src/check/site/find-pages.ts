import type { Browser, Exchange } from '../browser.ts'
import { CannotCheckError } from '../cannot-check.ts'
import { linksOf, pathsDownTo } from './find-sign-in.ts'
import type { Site } from './site.ts'
import type { LogoutRoute, SiteFacts } from './site-facts.ts'

const logoutPattern = /log-?out|sign-?out/i

const usualPages = [
  ...['/me', '/', '/account', '/profile', '/dashboard', '/home', '/app', '/settings', '/private'],
  ...['/protected', '/secure', '/secret', '/user', '/members', '/whoami', '/session'],
  ...['/api/me', '/api/user', '/api/profile', '/api/protected', '/api/private', '/api/session'],
]

/** The pages for signed-in users, the one that checks use first. */
type Pages = Pick<SiteFacts, 'page' | 'pages' | 'pageNamesUser'>

/**
 * Finds pages that signed-in users get and others do not, or else one that shows them who they are.
 * `given` is the option `--page`.
 *
 * @throws {CannotCheckError} the given page is not such a page
 */
export async function findPages(
  site: Site,
  signedIn: Browser,
  landing: Exchange,
  base: string | undefined,
  given: string | undefined,
): Promise<Pages> {
  const near = [landing.path, ...linksOf(landing, signedIn)].filter((at) => !logoutPattern.test(at))
  const usual = ['', ...pathsDownTo(base).toReversed()].flatMap((place) =>
    usualPages.map((path) => place + path),
  )
  const candidates = given === undefined ? [...near.slice(0, 20), ...usual] : [given]
  const guarded: string[] = []
  const naming: string[] = []
  for (const path of new Set(candidates)) {
    const without = await site.newBrowser().request(path)
    if (isOk(without) || isRefusal(without)) {
      const within = await signedIn.copy().request(path)
      const names = site.traces.namesUser(within.text) && !site.traces.namesUser(without.text)
      if (isOk(within) && isRefusal(without)) guarded.push(path)
      else if (isOk(within) && names) naming.push(path)
    }
  }
  const found = [...guarded, ...naming]
  if (found.length === 0 && given !== undefined) {
    throw new CannotCheckError(
      `--page ${given} gives a signed-in user no other response than anyone else. It must be a page that only signed-in users get.`,
    )
  }
  return { page: found[0], pages: found, pageNamesUser: guarded.length === 0 && found.length > 0 }
}

function isOk({ status }: Exchange): boolean {
  return status >= 200 && status < 300
}

function isRefusal({ status }: Exchange): boolean {
  return status === 401 || status === 403 || (status >= 301 && status <= 308)
}

/**
 * Finds how users sign out: a form or a link of these pages that is named for it, a usual path, or else
 * a form that ends the session, since names are in the language of the app.
 */
export async function findLogout(
  site: Site,
  signedIn: Browser,
  pages: readonly (string | undefined)[],
  base: string | undefined,
): Promise<LogoutRoute | undefined> {
  for (const at of new Set(pages)) {
    if (at === undefined) continue
    const page = await signedIn.copy().request(at)
    const form = signedIn.formsOf(page).find(({ action }) => logoutPattern.test(action))
    if (form !== undefined) return { method: 'POST', path: new URL(form.action).pathname, page: at }
    const link = linksOf(page, signedIn).find((path) => logoutPattern.test(path))
    if (link !== undefined) return { method: 'GET', path: link }
  }
  const bases = [...new Set([...pathsDownTo(base), '', '/auth', '/api', '/api/auth'])]
  const ends = ['/logout', '/log-out', '/signout', '/sign-out']
  for (const path of bases.flatMap((start) => ends.map((end) => start + end))) {
    // An API may take nothing but JSON.
    for (const json of [undefined, {}]) {
      const route = { method: 'POST', path, json } as const
      const { status } = await site.newBrowser().request(path, route)
      if ([0, 404, 405].includes(status)) break
      if (await signsOut(site, route)) return route
    }
  }
  for (const page of new Set(pages)) {
    if (page === undefined) continue
    const forms = signedIn.formsOf(await signedIn.copy().request(page))
    for (const { action } of forms.slice(0, maxForms)) {
      const route = { method: 'POST', path: new URL(action).pathname, page } as const
      if (await signsOut(site, route)) return route
    }
  }
  return undefined
}

const maxForms = 5

async function signsOut(site: Site, route: LogoutRoute): Promise<boolean> {
  const { cookies } = site.facts
  const browser = await site.freshSession()
  await site.logOut(browser, route)
  const isCleared = cookies.some(({ name }) => browser.jar.get(name) === undefined)
  return isCleared || (await site.hasSession(browser)) === false
}
