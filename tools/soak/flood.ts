/**
 * A thousand clients post made-up tokens of links, while the service takes 300 ms for everything. The
 * refreshes of users who are signed in take as long as before.
 */
import type { Browser } from '@linkpass/testing/browser'
import { type App, startApp } from './app.ts'
import { runConcurrently } from './concurrency.ts'
import { messageFrom, startChild } from './child.ts'
import { atLeast, type Finding, measuredAtMost, none } from './finding.ts'
import { type RemoteService, startService } from './service.ts'

export interface FloodOptions {
  readonly clients: number
  /** Refreshes in quiet, and as many in the flood: each by a user of its own. */
  readonly refreshes: number
}

const delayMs = 300
const refreshesAtOnce = 10

/** Runs the scenario: once as apps are, and once without limits, where the service gets each token. */
export async function flood(options: FloodOptions): Promise<readonly Finding[]> {
  return [
    ...(await floodOne(options, 'with limits', undefined)),
    ...(await floodOne(options, 'without limits', false)),
  ]
}

async function floodOne(
  { clients, refreshes }: FloodOptions,
  how: string,
  limits: false | undefined,
): Promise<readonly Finding[]> {
  await using service = await startService()
  await using app = await startApp(
    service,
    { timeoutMs: 60_000 },
    limits === false ? { limits } : {},
  )
  const signInAll = async (name: string): Promise<readonly Browser[]> =>
    Promise.all(
      Array.from({ length: refreshes }, (_, index) =>
        signIn(app, service, `${name}-${index}@example.test`),
      ),
    )
  const first = await signInAll('first')
  const second = await signInAll('second')
  // The first refresh fetches the keys.
  await refreshAll([await signIn(app, service, 'warm-up@example.test')])
  // A state that the app made; with a made-up one, no token would get further.
  const asking = app.browser()
  await asking.visit('/auth/magic-link', { form: { loginId: 'mallory@example.test' } })
  const { pathname } = await service.linkFor('mallory@example.test')
  await service.addFault({ delayMs, times: 'always' })

  const quiet = await refreshAll(first)
  const attackers = startChild('./flood-clients.ts')
  try {
    attackers.send({ url: app.appUrl, state: pathname.split('/').at(-1), clients })
    await messageFrom(attackers)
    const flooded = await refreshAll(second)
    attackers.send('stop')
    const posted = await messageFrom<number>(attackers)
    return [
      none(`refreshes refused ${how}`, quiet.refused + flooded.refused),
      atLeast(`tokens posted ${how}`, posted, clients),
      measuredAtMost(
        `ms at p99 of refreshes ${how}, in quiet ${quiet.p99.toFixed(0)}, in the flood`,
        flooded.p99,
        Math.round(quiet.p99 * 3),
      ),
    ]
  } finally {
    attackers.kill()
  }
}

async function signIn(app: App, service: RemoteService, loginId: string): Promise<Browser> {
  const browser = app.browser()
  const send = await app.client.magicLink.signUpOrIn.email(loginId, app.appUrl)
  const verified = send.ok
    ? await app.client.magicLink.verify(await service.tokenFor(loginId))
    : send
  if (!verified.ok) throw verified.error
  const { session, refresh } = app.cookieNames
  browser.setCookie(`${session}=${verified.data.sessionJwt}`)
  browser.setCookie(`${refresh}=${verified.data.refreshJwt ?? ''}`)
  return browser
}

/** One refresh of each user, a few at a time. */
async function refreshAll(browsers: readonly Browser[]): Promise<{ p99: number; refused: number }> {
  const times: number[] = []
  let refused = 0
  const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
  await runConcurrently(browsers.length, refreshesAtOnce, async (index) => {
    const since = performance.now()
    const response = await browsers[index]?.visit('/auth/refresh', { form: {}, headers })
    times.push(performance.now() - since)
    if (response?.status !== 200) refused += 1
  })
  times.sort((one, other) => one - other)
  return { p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN, refused }
}
