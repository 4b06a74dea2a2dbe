import { lastOf } from '../browser.ts'
import type { Check, Findings, Problem } from '../check.ts'
import type { Site } from '../site/site.ts'

export const crossSite: Check = {
  name: 'cross-site',
  title: 'A form on another site cannot ask for a link, sign in or sign out',
  fix: 'Refuse POST requests whose Sec-Fetch-Site is neither same-origin nor none, or whose Origin is another one.',
  run: async (site: Site): Promise<Findings> => {
    const found = [await askForLink(site), await confirmLink(site), await logOut(site)]
    const notes =
      site.facts.logout?.method === 'GET'
        ? ['The app signs out on GET, so a link on any site signs users out.']
        : []
    return { problems: found.filter((problem) => problem !== undefined), notes }
  },
}

async function askForLink(site: Site): Promise<Problem | undefined> {
  const { exchange, link } = await site.tryRequestLink(site.newBrowser(), { crossSite: true })
  if (link === undefined) return undefined
  return { problem: 'A form on another site made the app send a link.', shownBy: exchange }
}

/** Login CSRF: the attacker's own link is confirmed in the browser of the victim. */
async function confirmLink(site: Site): Promise<Problem | undefined> {
  const attacker = site.newBrowser()
  const link = await site.requestLink(attacker)
  const page = lastOf(await site.newBrowser().open(link.url))
  const [form] = attacker.formsOf(page)
  // A link that is redeemed on GET has no POST; scanner-safety reports it.
  if (form === undefined || site.isRedeemed(link)) return undefined
  const victim = site.newBrowser()
  const trail = await victim.open(form.action, { form: form.fields, crossSite: true })
  if ((await site.hasSession(victim)) !== true) return undefined
  return {
    problem: 'A form on another site signed a browser in, with a link of the attacker.',
    shownBy: trail[0],
  }
}

async function logOut(site: Site): Promise<Problem | undefined> {
  const { logout } = site.facts
  if (logout?.method !== 'POST') return undefined
  const browser = await site.freshSession()
  const shownBy = await browser.request(logout.path, { form: new Map(), crossSite: true })
  if ((await site.hasSession(browser)) !== false) return undefined
  return { problem: 'A form on another site signed the user out.', shownBy }
}
