import { attackerOrigin } from '../browser.ts'
import type { Check, Findings } from '../check.ts'
import type { Site } from '../site/site.ts'

const { host } = new URL(attackerOrigin)

const forgedHeaders = {
  Host: host,
  'X-Forwarded-Host': host,
  Forwarded: `host=${host}`,
  Origin: attackerOrigin,
  Referer: `${attackerOrigin}/`,
}

export const linkOrigin: Check = {
  name: 'link-origin',
  title: 'A forged Host header does not change where links lead',
  fix: 'Build the URL of the link from a setting of the app, never from Host, Origin, Referer or X-Forwarded-Host.',
  run: async (site: Site): Promise<Findings> => {
    // One at a time: an app may refuse one of them, and believe another.
    for (const [name, value] of Object.entries(forgedHeaders)) {
      const moreHeaders = { [name]: value }
      const { exchange, link } = await site.tryRequestLink(site.newBrowser(), { moreHeaders })
      if (link !== undefined && new URL(link.url).host === host) {
        const problem = `A request with "${name}: ${value}" made the link lead to ${attackerOrigin}. Whoever sends it gets the one-time token of any user who opens the link.`
        return { problems: [{ problem, shownBy: exchange }] }
      }
    }
    return { problems: [] }
  },
}
