import { lastOf } from '../browser.ts'
import { needsPage } from '../applicable.ts'
import type { Check, Findings } from '../check.ts'
import type { Site } from '../site/site.ts'

export const secondBrowser: Check = {
  name: 'second-browser',
  title: 'A link opened in another browser signs in there, or says what to do',
  fix: 'Redeem the link where it is confirmed, and give the session to that browser. If only the browser that asked may sign in, refuse the other before the token is redeemed.',
  notApplicable: needsPage,
  run: async (site: Site): Promise<Findings> => {
    const asking = site.newBrowser()
    const other = site.newBrowser()
    const link = await site.requestLink(asking)
    const { trail, redeemed } = await site.open(other, link)
    const shownBy = trail.find(({ method }) => method === 'POST') ?? lastOf(trail)
    if (site.isIn(await site.visitPage(asking))) {
      const problem =
        'The browser that asked for the link is signed in although another one opened it. Whoever asks for a link of another user gets that user’s session once the user opens it.'
      return {
        problems: [
          { problem, shownBy, fix: 'Give the session only to the browser that confirmed.' },
        ],
      }
    }
    if (site.isIn(await site.visitPage(other))) return { problems: [] }
    if (redeemed) {
      const problem = 'The link was redeemed in another browser, and no browser is signed in.'
      return { problems: [{ problem, shownBy }] }
    }
    if (shownBy.status === 0 || shownBy.status >= 500 || shownBy.text.trim() === '') {
      return {
        problems: [{ problem: 'Another browser gets no page that says what to do.', shownBy }],
      }
    }
    return { problems: [], notes: ['Only the browser that asked for a link can sign in with it.'] }
  },
}
