import { lastOf } from '../browser.ts'
import { needsPage } from '../applicable.ts'
import type { Check, Findings } from '../check.ts'
import type { Site } from '../site/site.ts'

const day = 24 * 3600

export const keyRotation: Check = {
  name: 'key-rotation',
  title: 'Users sign in and stay signed in when the service changes its key',
  fix: 'Fetch the key set again when a token names a key that is not in it, and keep the keys that are still published.',
  notApplicable: needsPage,
  run: async (site: Site): Promise<Findings> => {
    const before = await site.freshSession()
    await site.emulator.keys.rotate({ graceSeconds: day })
    const after = site.newBrowser()
    const { trail } = await site.open(after, await site.requestLink(after))
    const fresh = await site.visitPage(after)
    if (!site.isIn(fresh)) {
      const problem = 'After the service got a new key, a new sign-in does not get in.'
      return {
        problems: [{ problem, shownBy: lastOf(trail).status >= 400 ? lastOf(trail) : fresh }],
      }
    }
    const old = await site.visitPage(before)
    if (site.isIn(old)) return { problems: [] }
    const problem =
      'After the service got a new key, a session under the old key, which is still published, is refused.'
    return { problems: [{ problem, shownBy: old }] }
  },
}
