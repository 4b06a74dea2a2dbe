import { needsRefreshToken } from '../applicable.ts'
import type { Check, Findings, Problem } from '../check.ts'
import type { Exchange } from '../browser.ts'
import type { Site } from '../site/site.ts'

const herdSize = 8
const refreshMs = 500
const refreshPath = '/v1/auth/refresh'

export const oneRefresh: Check = {
  name: 'one-refresh',
  title: 'Requests at the same time with an expired session cause one refresh',
  fix: 'Share one refresh among the requests with the same refresh token, and send the new tokens as cookies with each response.',
  notApplicable: (facts) =>
    needsRefreshToken(facts) ??
    (facts.refreshes ? undefined : 'the app does not refresh sessions on its pages'),
  run: async (site: Site): Promise<Findings> => {
    const { browser: live } = await site.withSession()
    const early = await site.countCalls(refreshPath, () => site.visitPage(live))
    if (early.calls > 0) {
      const problem = 'A request with a live session caused a refresh.'
      return {
        problems: [
          {
            problem,
            shownBy: early.result,
            fix: 'Refresh only when the session token has expired.',
          },
        ],
      }
    }
    const herd = await sendHerd(site)
    const problems: Problem[] = []
    const refused = herd.result.find((response) => !site.isIn(response))
    if (refused) {
      problems.push({
        problem: `Of ${herdSize} requests at the same time, some are refused.`,
        shownBy: refused,
      })
    }
    if (herd.calls > 1) {
      const problem = `${herdSize} requests at the same time caused ${herd.calls} refreshes. If the project rotates refresh tokens, all but one of them can sign the user out.`
      problems.push({ problem, shownBy: herd.result[0] })
    }
    if (problems.length > 0) return { problems }
    return { problems: await nextRequest(site) }
  },
}

/** The first refresh takes so long that all requests arrive before it ends. */
async function sendHerd(site: Site): Promise<{ calls: number; result: readonly Exchange[] }> {
  const { browser } = await site.withExpiredSession()
  site.emulator.faults.add({ path: refreshPath, delayMs: refreshMs, times: 'always' })
  try {
    return await site.countCalls(refreshPath, () =>
      Promise.all(Array.from({ length: herdSize }, () => site.visitPage(browser.copy()))),
    )
  } finally {
    site.emulator.faults.clear()
  }
}

/** After a refresh, the browser must have the new session token. */
async function nextRequest(site: Site): Promise<Problem[]> {
  const { browser } = await site.withExpiredSession()
  const first = await site.visitPage(browser)
  const next = await site.countCalls(refreshPath, () => site.visitPage(browser))
  if (next.calls === 0) return []
  const problem =
    'After a refresh, the next request caused another one: the browser did not get the new session token.'
  return [
    {
      problem,
      shownBy: first,
      fix: 'Send the refreshed session token as a cookie with the response.',
    },
  ]
}
