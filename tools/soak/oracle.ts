/**
 * Does the time of a response tell who has an account? Browsers with attempts for known and for unknown
 * addresses send the same requests by turns, over a store that takes a millisecond. The figure of a route
 * is the area under the ROC curve of its times (AUC): 0.5 tells nothing, 1 tells every account.
 */
import { memoryStore, unwrap } from '@linkpass/core'
import { type Browser, type Visit } from '@linkpass/testing/browser'
import { seededRandom, wrapStore } from '@linkpass/testing'
import { type App, startApp } from './app.ts'
import { runConcurrently } from './concurrency.ts'
import { type Finding, measuredBetween, none } from './finding.ts'
import { type RemoteService, startService } from './service.ts'

export interface OracleOptions {
  /** How many pairs of requests are compared on each route. */
  readonly pairs: number
  /** Browsers with an attempt for a known address, and with one for an unknown address. */
  readonly browsers: number
  readonly seed: number
}

/** How many pairs are sent at once to a route that waits 300 ms for news; to all others one. */
const waitsAtOnce = 20
const json = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }

/** The requests of a browser that waits, by name. */
const waiting: Readonly<Record<string, [string, Visit]>> = {
  'GET /waiting': ['/auth/waiting', {}],
  'HEAD /enchanted-link/status': ['/auth/enchanted-link/status', { method: 'HEAD', headers: json }],
  'POST /enchanted-link/complete': ['/auth/enchanted-link/complete', { form: {} }],
  'POST /enchanted-link/complete, JSON': [
    '/auth/enchanted-link/complete',
    { body: '{}', headers: { ...json, 'content-type': 'application/json' } },
  ],
  'GET /check-inbox': ['/auth/check-inbox', {}],
}

/** Runs the scenario. */
export async function oracle(options: OracleOptions): Promise<readonly Finding[]> {
  await using service = await startService()
  const slow = wrapStore(memoryStore(), async (operation) => {
    await new Promise((resolve) => setTimeout(resolve, 1))
    return operation()
  })
  const authOptions = { methods: ['email', 'enchanted'], mode: 'sign-in' } as const
  await using app = await startApp(service, { store: slow }, authOptions)
  const kinds = {
    known: await waitingBrowsers(app, service, 'known', options.browsers),
    unknown: await waitingBrowsers(app, service, 'unknown', options.browsers),
  }
  const random = seededRandom(options.seed)
  const findings: Finding[] = []
  let different = 0
  for (const [name, [path, visit]] of Object.entries(waiting)) {
    const times: Record<Kind, number[]> = { known: [], unknown: [] }
    const seen: Record<Kind, Set<number>> = { known: new Set(), unknown: new Set() }
    const probe = async (index: number): Promise<void> => {
      const order: readonly Kind[] = random() < 0.5 ? ['known', 'unknown'] : ['unknown', 'known']
      for (const kind of order) {
        const since = performance.now()
        const response = await kinds[kind][index % options.browsers]?.visit(path, visit)
        times[kind].push(performance.now() - since)
        seen[kind].add(response?.status ?? 0)
      }
    }
    // The first ones load code.
    await runConcurrently(options.browsers, 1, probe)
    for (const kind of [times.known, times.unknown]) kind.length = 0
    await runConcurrently(options.pairs, name === 'GET /waiting' ? waitsAtOnce : 1, probe)
    if ([...seen.known].join() !== [...seen.unknown].join()) different += 1
    const auc = aucOf(times.known, times.unknown)
    findings.push(measuredBetween(`AUC of ${name}`, auc, 0.45, 0.55))
  }
  return [none('routes with another status', different), ...findings]
}

type Kind = 'known' | 'unknown'

async function waitingBrowsers(
  app: App,
  service: RemoteService,
  kind: Kind,
  count: number,
): Promise<Browser[]> {
  const browsers: Browser[] = []
  for (let index = 0; index < count; index += 1) {
    const loginId = `${kind}-${index}@example.test`
    if (kind === 'known') {
      unwrap(await app.client.magicLink.signUpOrIn.email(loginId, app.appUrl))
      unwrap(await app.client.magicLink.verify(await service.tokenFor(loginId)))
    }
    const browser = app.browser()
    for (const path of ['/auth/magic-link', '/auth/enchanted-link']) {
      const { status } = await browser.visit(path, { form: { loginId } })
      if (status !== 303) throw new Error(`${path} returned ${status}.`)
    }
    browsers.push(browser)
  }
  return browsers
}

/** The probability that a time of one kind is longer than one of the other (Mann and Whitney's U). */
function aucOf(one: readonly number[], other: readonly number[]): number {
  const all = [...one.map((ms) => ({ ms, isOne: 1 })), ...other.map((ms) => ({ ms, isOne: 0 }))]
  all.sort((a, b) => a.ms - b.ms)
  let ranks = 0
  for (let first = 0; first < all.length;) {
    let last = first
    while (all[last + 1]?.ms === all[first]?.ms) last += 1
    // Equal times share the mean of their ranks.
    for (let at = first; at <= last; at += 1)
      ranks += (all[at]?.isOne ?? 0) * ((first + last) / 2 + 1)
    first = last + 1
  }
  return (ranks - (one.length * (one.length + 1)) / 2) / (one.length * other.length)
}
