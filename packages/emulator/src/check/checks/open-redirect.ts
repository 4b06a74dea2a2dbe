import { type Browser, type Exchange, attackerOrigin, withParams } from '../browser.ts'
import type { Check, Findings } from '../check.ts'
import type { Site } from '../site/site.ts'

const usualNames = [
  ...'returnTo return_to returnUrl return_url return next continue from to url goto'.split(' '),
  ...'redirect redirectTo redirect_to redirectUrl redirect_url redirect_uri'.split(' '),
  ...'dest destination callback callbackUrl callback_url'.split(' '),
]

const { host } = new URL(attackerOrigin)

/**
 * URLs of another site, as a browser resolves them: absolute, without a scheme, in disguise, and such
 * that begin with the origin of the app.
 */
function targetsFor(origin: string): readonly string[] {
  const withoutPort = new URL(origin).port === '' ? [`${origin}.${host}/`] : []
  return [
    ...[`${attackerOrigin}/`, `//${host}/`, `/\\${host}/`, `/\t/${host}/`, `https:${host}/`],
    ...[`${origin}@${host}/`, ...withoutPort],
  ]
}

export const openRedirect: Check = {
  name: 'open-redirect',
  title: 'No parameter leads users to another site',
  fix: 'Accept only paths of the app: resolve the value with new URL(value, appUrl) and compare the origin. Do it where the redirect is made.',
  run: async (site: Site): Promise<Findings> => {
    const signedIn = await site.freshSession()
    const own = await ownNames(site)
    for (const target of targetsFor(site.facts.origin)) {
      const few = new Map(own.map((name) => [name, target]))
      const many = new Map([...usualNames, ...own].map((name) => [name, target]))
      const where = JSON.stringify(target)
      if ((await opened(site, signedIn, many)) !== undefined) {
        for (const [name, value] of many) {
          const shownBy = await opened(site, signedIn, new Map([[name, value]]))
          if (shownBy === undefined) continue
          const problem = `The parameter ${name} with ${where} led to another site.`
          return { problems: [{ problem, shownBy }] }
        }
      }
      const shownBy = await signedInWith(site, many, few)
      if (shownBy !== undefined) {
        const problem = `A parameter with ${where} led to another site.`
        return { problems: [{ problem, shownBy }] }
      }
    }
    return { problems: [] }
  },
}

/** The parameters in which the app itself keeps where to go: in the URL and the form of its sign-in page. */
async function ownNames(site: Site): Promise<readonly string[]> {
  const { page = '/', signIn } = site.facts
  const browser = site.newBrowser()
  const refused = await browser.request(page)
  const form = signIn.page && browser.formsOf(await browser.request(signIn.page))[signIn.form]
  const urls = [refused.location, signIn.page].filter((url) => url !== undefined)
  const params = urls.flatMap((url) => [...new URL(url, attackerOrigin).searchParams])
  return [...params, ...(form ? form.fields : [])]
    .filter(([, value]) => /^(?:\/|https?:)/.test(value))
    .map(([name]) => name)
}

type Params = ReadonlyMap<string, string>

/** Opens the pages of sign-in and sign-out with the parameters. */
async function opened(
  site: Site,
  signedIn: Browser,
  params: Params,
): Promise<Exchange | undefined> {
  const { signIn, logout, page } = site.facts
  for (const path of [signIn.page, page]) {
    if (path === undefined) continue
    for (const browser of [site.newBrowser(), signedIn.copy()]) {
      const found = leaving(await browser.open(withParams(path, params)))
      if (found !== undefined) return found
    }
  }
  if (logout === undefined) return undefined
  // This ends the session, which does not matter for where the app leads.
  const { method, path } = logout
  const form = method === 'POST' ? { form: params } : {}
  return leaving(await signedIn.copy().open(withParams(path, params), { method, ...form }))
}

/**
 * Signs in with the parameters in the form, in the URLs of the requests, and in that of the link. An app
 * may refuse fields that it does not know: then with those of its own alone.
 */
async function signedInWith(
  site: Site,
  ...attempts: readonly Params[]
): Promise<Exchange | undefined> {
  for (const params of attempts.filter(({ size }) => size > 0)) {
    const browser = site.newBrowser()
    const { exchange, link } = await site.tryRequestLink(browser, { fields: params, params })
    const sent = leaving([exchange])
    if (sent !== undefined) return sent
    if (link === undefined) continue
    const known = new URL(link.url).searchParams
    const added = new Map([...params].filter(([name]) => !known.has(name)))
    const url = new URL(withParams(link.url, added), link.url)
    return leaving((await site.open(browser, link, { url: url.href })).trail)
  }
  return undefined
}

/** The exchange that leads to the attacker: by a redirect, or by its page. */
function leaving(trail: readonly Exchange[]): Exchange | undefined {
  return trail.find(({ location, text }) => {
    const leadsTo = location === undefined ? '' : new URL(location).hostname
    return leadsTo === host || leadsTo.endsWith(`.${host}`) || leadsAway(text)
  })
}

/** Whether a page goes on to the attacker by a refresh, a script, a link or a form. */
export function leadsAway(html: string): boolean {
  return [
    /<meta[^>]+http-equiv\s*=\s*["']?refresh[^>]+attacker\.example/i,
    /\blocation\b(?:\.\w+)?\s*[=(]\s*["'`][^"'`]*attacker\.example/i,
    /<[^>]+\s(?:href|action|formaction)\s*=\s*["']?(?:https?:)?[/\\]{2}attacker\.example/i,
  ].some((pattern) => pattern.test(html))
}
