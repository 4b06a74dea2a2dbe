import { browserHeaders, scannerHeaders } from '../../visitors/visitor.ts'
import { type Visit, lastOf } from '../browser.ts'
import type { Check, Findings } from '../check.ts'
import type { Site } from '../site/site.ts'

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
      const page = lastOf(trail)
      if (submitsItself(page.text)) return { problems: [{ problem: byScript, shownBy: page }] }
    }
    const { trail, redeemed } = await site.open(user, link)
    if (redeemed && (await site.hasSession(user)) !== false) return { problems: [] }
    const problem = 'After a scanner opened the link, the user could not sign in with it.'
    return { problems: [{ problem, shownBy: lastOf(trail) }] }
  },
}

const byScript =
  'The page of the link submits itself. Scanners run scripts and follow refreshes, and use up the link.'

/** Whether a page goes on without a click: a refresh, or a script in it that submits its form. */
export function submitsItself(html: string): boolean {
  const scripts = Array.from(html.matchAll(/<script\b[^>]*>(.*?)<\/script>/gis), ([, code]) => code)
  const handlers = Array.from(
    html.matchAll(/\sonload\s*=\s*("[^"]*"|'[^']*')/gi),
    ([, code]) => code,
  )
  const submits = [...scripts, ...handlers].some((code) =>
    /\.(?:submit|requestSubmit)\(/.test(code ?? ''),
  )
  return submits || /<meta\b[^>]*http-equiv\s*=\s*["']?refresh/i.test(html)
}
