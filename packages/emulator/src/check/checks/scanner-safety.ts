import { browserHeaders, scannerHeaders } from '../../visitors/visitor.ts'
import { type Visit, lastOf } from '../browser.ts'
import type { Check, Findings } from '../check.ts'
import { type Site, isIn } from '../site.ts'

/** As mail scanners open links, from the least to the most intrusive. */
const scans: readonly { readonly who: string; readonly visit: Visit }[] = [
  { who: 'A HEAD request', visit: { method: 'HEAD', headers: scannerHeaders } },
  { who: 'A GET request of a scanner', visit: { headers: scannerHeaders } },
  { who: 'A GET request of a headless browser', visit: { headers: browserHeaders } },
]

export const scannerSafety: Check = {
  name: 'scanner-safety',
  title: 'A mail scanner that opens the link does not use it up',
  fix: 'Let GET show a page with a button, and redeem the one-time token in the POST of that button. Only the browser that asked for the link may redeem it on GET.',
  run: async (site: Site): Promise<Findings> => {
    const user = site.newBrowser()
    const link = await site.requestLink(user)
    for (const { who, visit } of scans) {
      const trail = await site.newBrowser().open(link.url, visit)
      if (site.isRedeemed(link)) {
        return { problems: [{ problem: `${who} used up the link.`, shownBy: trail[0] }] }
      }
    }
    const { trail, redeemed } = await site.open(user, link)
    const { page } = site.facts
    if (redeemed && (page === undefined || isIn(await site.visitPage(user))))
      return { problems: [] }
    const problem = 'After a scanner opened the link, the user could not sign in with it.'
    return { problems: [{ problem, shownBy: lastOf(trail) }] }
  },
}
