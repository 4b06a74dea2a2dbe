import type { Browser, Exchange } from './browser.ts'
import { CannotCheckError } from './cannot-check.ts'
import { linksOf } from './find-sign-in.ts'
import { type LogoutRoute, type Site, isIn } from './site.ts'

const logoutPattern = /log-?out|sign-?out/i

const usualPages = [
  ...['/me', '/', '/account', '/profile', '/dashboard', '/home', '/app', '/settings', '/private'],
  ...['/protected', '/secure', '/secret', '/user', '/members', '/whoami', '/session'],
  ...['/api/me', '/api/user', '/api/profile', '/api/protected', '/api/private', '/api/session'],
]

/**
 * Finds a page that signed-in users get and others do not. `given` is the option `--page`.
 *
 * @throws {CannotCheckError} the given page is not such a page
 */
export async function findPage(
  site: Site,
  signedIn: Browser,
  landing: Exchange,
  base: string | undefined,
  given: string | undefined,
): Promise<string | undefined> {
  const near = [landing.path, ...linksOf(landing, signedIn)].filter((at) => !logoutPattern.test(at))
  const below = base === undefined ? [] : [`${base}/session`, `${base}/me`]
  const candidates = given === undefined ? [...near.slice(0, 20), ...usualPages, ...below] : [given]
  for (const path of new Set(candidates)) {
    const without = await site.newBrowser().request(path)
    const isGuarded = [401, 403].includes(without.status) || isRedirect(without)
    if (isGuarded && isIn(await signedIn.copy().request(path))) return path
    if (given !== undefined) {
      throw new CannotCheckError(
        `--page ${path} responds ${without.status} without a session. It must be a page that only signed-in users get.`,
      )
    }
  }
  return undefined
}

/** Finds how users sign out: a form or a link of these pages, or else a usual path. */
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
  const bases = [...new Set([base ?? '', '', '/auth', '/api', '/api/auth'])]
  const ends = ['/logout', '/log-out', '/signout', '/sign-out']
  for (const path of bases.flatMap((start) => ends.map((end) => start + end))) {
    const route = { method: 'POST', path } as const
    const { status } = await site.newBrowser().request(path, route)
    if (![0, 404, 405].includes(status) && (await signsOut(site, route))) return route
  }
  return undefined
}

async function signsOut(site: Site, { path, method }: LogoutRoute): Promise<boolean> {
  const { page, cookies } = site.facts
  const browser = await site.freshSession()
  await browser.request(path, { method })
  const isCleared = cookies.some(({ name }) => browser.jar.get(name) === undefined)
  return isCleared || (page !== undefined && !(await site.isSignedIn(browser)))
}

function isRedirect({ status }: Exchange): boolean {
  return status >= 301 && status <= 308
}
