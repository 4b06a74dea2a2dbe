import { attackerOrigin } from '../browser.ts'
import type { Check, Findings } from '../check.ts'
import type { Site } from '../site.ts'

const { host } = new URL(attackerOrigin)

export const linkOrigin: Check = {
  name: 'link-origin',
  title: 'A forged Host header does not change where links lead',
  fix: 'Build the URL of the link from a setting of the app, never from Host, Origin or X-Forwarded-Host.',
  run: async (site: Site): Promise<Findings> => {
    const forged = {
      host,
      'x-forwarded-host': host,
      forwarded: `host=${host}`,
      origin: attackerOrigin,
    }
    const attempts = [{ host: forged.host }, forged]
    for (const moreHeaders of attempts) {
      const { exchange, link } = await site.tryRequestLink(site.newBrowser(), { moreHeaders })
      if (link !== undefined && new URL(link.url).host === host) {
        const problem = `A request with "Host: ${host}" made the link lead to ${attackerOrigin}. Whoever sends it gets the one-time token of any user who opens the link.`
        return { problems: [{ problem, shownBy: exchange }] }
      }
    }
    return { problems: [] }
  },
}
