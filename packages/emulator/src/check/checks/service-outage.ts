import type { FaultSpec } from '../../world/faults/fault.ts'
import type { Browser, Exchange } from '../browser.ts'
import { needsPage } from '../applicable.ts'
import type { Check, Findings, Problem } from '../check.ts'
import type { Site } from '../site/site.ts'

/**
 * How a service is away: a gateway in front of it says so, or there is no response. Not 503, after
 * which SDKs wait for up to ten seconds and try again.
 */
const outages: readonly FaultSpec[] = [
  { status: 502, times: 'always' },
  { drop: 'before', times: 'always' },
]

/** How often the page is requested until the app has noticed that the service is back. */
const attempts = 20
const pauseMs = 500

export const serviceOutage: Check = {
  name: 'service-outage',
  title: 'An outage of the service signs no one out',
  fix: 'Respond 503 with Retry-After and keep every cookie when a session could not be refreshed or checked; only a refusal of the service ends a session.',
  notApplicable: needsPage,
  run: async (site: Site): Promise<Findings> => {
    const problems: Problem[] = []
    for (const outage of outages) {
      const expired = site.facts.refreshes ? (await site.withExpiredSession()).browser : undefined
      const live = await site.freshSession()
      try {
        site.emulator.faults.add(outage)
        problems.push(...(await during(site, live, expired)))
      } finally {
        site.emulator.faults.clear()
      }
      if (problems.length > 0) return { problems }
      const late = expired && (await afterwards(site, expired))
      if (late) return { problems: [late] }
    }
    const notes = site.facts.refreshes
      ? []
      : ['The app does not refresh sessions on its pages, so only a live session was checked.']
    return { problems, notes }
  },
}

async function during(site: Site, live: Browser, expired: Browser | undefined): Promise<Problem[]> {
  const known = await site.visitPage(live)
  if (!site.isIn(known) && !isUnavailable(known)) {
    return [{ problem: 'During an outage, a live session is refused.', shownBy: known }]
  }
  if (expired === undefined) return []
  const names = expired.jar.all().map(({ name }) => name)
  const page = await site.visitPage(expired)
  const lost = names.filter((name) => expired.jar.get(name) === undefined)
  const found: Problem[] = []
  if (!isUnavailable(page)) {
    found.push({
      problem: site.isIn(page)
        ? 'During an outage, an expired session gets in.'
        : `During an outage, a session that could not be refreshed gets ${page.status} and not 503.`,
      shownBy: page,
    })
  }
  if (lost.length > 0) {
    found.push({
      problem: `During an outage, the app cleared ${lost.join(' and ')}.`,
      shownBy: page,
    })
  }
  return found
}

async function afterwards(site: Site, browser: Browser): Promise<Problem | undefined> {
  let page = await site.visitPage(browser)
  for (let i = 0; !site.isIn(page) && page.status > 0 && i < attempts; i++) {
    await site.pause(pauseMs)
    page = await site.visitPage(browser)
  }
  if (site.isIn(page)) return undefined
  return { problem: 'After an outage, the session does not get in again.', shownBy: page }
}

function isUnavailable({ status }: Exchange): boolean {
  return [502, 503, 504].includes(status)
}
