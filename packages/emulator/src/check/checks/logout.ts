import { needsPage } from '../applicable.ts'
import type { Check, Findings, Problem } from '../check.ts'
import type { Site } from '../site/site.ts'

export const logout: Check = {
  name: 'logout',
  title: 'Signing out ends the session here and at the service',
  fix: 'Call logout of the service with the refresh token, and clear the session cookies with the attributes they were set with.',
  notApplicable: (facts) =>
    needsPage(facts) ?? (facts.logout ? undefined : 'no way to sign out was found'),
  run: async (site: Site): Promise<Findings> => {
    const { cookies, sessionCookie, refreshCookie } = site.facts
    const browser = await site.signIn()
    const stolen = browser.copy()
    const left = await site.logOut(browser)
    const page = await site.visitPage(browser)
    if (site.isIn(page))
      return {
        problems: [{ problem: 'After signing out, the page is still shown.', shownBy: page }],
      }
    const problems: Problem[] = []
    // A session cookie of the app's own may stay, with no session behind it.
    const kept = cookies.filter(({ name }) => sessionCookie && browser.jar.get(name) !== undefined)
    if (kept.length > 0) {
      const problem = `Signing out did not clear ${kept.map(({ name }) => name).join(' and ')}.`
      problems.push({ problem, shownBy: left })
    }
    const copied = await site.visitPage(stolen)
    if (sessionCookie === undefined) {
      const problem = 'After signing out, a copy of the session cookie still gets in.'
      const fix = 'Delete the session on the server, where the cookie is only its name.'
      return { problems: site.isIn(copied) ? [{ problem, shownBy: copied, fix }] : problems }
    }
    if (
      refreshCookie !== undefined &&
      (await site.isLive(stolen.jar.get(refreshCookie.name)?.value))
    ) {
      const problem =
        'After signing out, the refresh token still works at the service: a copy of it is good for weeks.'
      problems.push({ problem, shownBy: left })
    }
    const note = 'A copy of the session token works until it expires, in at most ten minutes.'
    return { problems, notes: site.isIn(copied) ? [note] : [] }
  },
}
