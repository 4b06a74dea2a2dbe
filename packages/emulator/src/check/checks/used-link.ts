import { lastOf } from '../browser.ts'
import { needsSession } from '../applicable.ts'
import type { Check, Findings } from '../check.ts'
import type { Site } from '../site/site.ts'

export const usedLink: Check = {
  name: 'used-link',
  title: 'A link that was used signs no one in again',
  fix: 'Redeem every link at the service, and show a page with a way to a new link if the service refuses it.',
  notApplicable: needsSession,
  run: async (site: Site): Promise<Findings> => {
    const link = await site.requestLink(site.newBrowser())
    await site.open(site.newBrowser(), link)
    const later = site.newBrowser()
    const shownBy = lastOf((await site.open(later, link, { again: true })).trail)
    const signedIn = await site.hasSession(later)
    if (signedIn) return { problems: [{ problem: 'A used link signed in once more.', shownBy }] }
    if (shownBy.status > 0 && shownBy.status < 500) return { problems: [] }
    return { problems: [{ problem: 'A used link leads to a server error.', shownBy }] }
  },
}
