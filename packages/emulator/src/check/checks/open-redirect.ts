import { type Exchange, attackerOrigin, withParams } from '../browser.ts'
import type { Check, Findings } from '../check.ts'
import type { Site } from '../site.ts'

const names = [
  ...[
    'returnTo',
    'return_to',
    'returnUrl',
    'return_url',
    'return',
    'next',
    'redirect',
    'redirectTo',
  ],
  ...[
    'redirect_to',
    'redirectUrl',
    'redirect_url',
    'redirect_uri',
    'continue',
    'callbackUrl',
    'url',
  ],
  ...['dest', 'destination', 'goto', 'from', 'to'],
]

const { host } = new URL(attackerOrigin)
/** URLs of another site, as a browser resolves them: absolute, without a scheme, and in disguise. */
const targets = [
  `${attackerOrigin}/`,
  `//${host}/`,
  `/\\${host}/`,
  `https:${host}/`,
  `/\t/${host}/`,
]

export const openRedirect: Check = {
  name: 'open-redirect',
  title: 'No parameter leads users to another site',
  fix: 'Accept only paths of the app: resolve the value with new URL(value, appUrl) and compare the origin. Do it where the redirect is made.',
  run: async (site: Site): Promise<Findings> => {
    for (const target of targets) {
      const params = new Map(names.map((name) => [name, target]))
      const shownBy = (await opened(site, params)) ?? (await signedInWith(site, params))
      if (shownBy !== undefined) {
        const problem = `A parameter with ${JSON.stringify(target)} led to another site.`
        return { problems: [{ problem, shownBy }] }
      }
    }
    return { problems: [] }
  },
}

type Params = ReadonlyMap<string, string>

/** Opens the pages of sign-in and sign-out with the parameters. */
async function opened(site: Site, params: Params): Promise<Exchange | undefined> {
  const { signIn, logout, page } = site.facts
  for (const path of [signIn.page, page]) {
    if (path === undefined) continue
    for (const browser of [site.newBrowser(), await site.freshSession()]) {
      const found = leaving(await browser.open(withParams(path, params)))
      if (found !== undefined) return found
    }
  }
  if (logout === undefined) return undefined
  const { method } = logout
  const browser = await site.freshSession()
  return leaving(await browser.open(withParams(logout.path, params), { method }))
}

/** Signs in with the parameters in the form, in the URLs of the requests, and in that of the link. */
async function signedInWith(site: Site, params: Params): Promise<Exchange | undefined> {
  const browser = site.newBrowser()
  const { exchange, link } = await site.tryRequestLink(browser, { fields: params, params })
  const sent = leaving([exchange])
  if (sent !== undefined || link === undefined) return sent
  const known = new URL(link.url).searchParams
  const added = new Map([...params].filter(([name]) => !known.has(name)))
  const url = new URL(withParams(link.url, added), link.url)
  return leaving((await site.open(browser, link, url.href)).trail)
}

/** The exchange that leads to the attacker: by a redirect, or by a refresh in the page. */
function leaving(trail: readonly Exchange[]): Exchange | undefined {
  return trail.find(
    ({ location, text }) =>
      (location !== undefined && new URL(location).host === host) ||
      /<meta[^>]+http-equiv\s*=\s*["']?refresh[^>]+attacker\.example/i.test(text),
  )
}
