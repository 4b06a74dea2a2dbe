/**
 * A page sends five requests at once after the session has expired: for hundreds of users, one
 * refresh each. Refresh tokens rotate, so that a second refresh would end the session.
 */
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { startApp, whoIs } from './app.ts'
import { exactly, type Finding, none } from './finding.ts'

export interface RefreshHerdOptions {
  readonly users: number
  /** Requests of one user at once. */
  readonly requests: number
}

// The emulator keeps 500 requests; more refreshes than that in a wave still count as too many.
const usersAtOnce = 100

/** Runs the scenario. */
export async function refreshHerd(options: RefreshHerdOptions): Promise<readonly Finding[]> {
  const { users, requests } = options
  await using emulator = await startEmulator({ rotateRefreshTokens: true })
  await using app = await startApp(emulator)
  const countRefreshes = refreshCounter(emulator)
  let refreshes = 0
  let refused = 0
  let foreign = 0
  let loggedOut = 0

  for (let first = 0; first < users; first += usersAtOnce) {
    const size = Math.min(usersAtOnce, users - first)
    const wave = await Promise.all(
      Array.from({ length: size }, (_, index) =>
        app.signedIn(`user-${first + index}@example.test`),
      ),
    )
    emulator.clock.advance(60 * 60_000)

    const responses = wave.flatMap((user) =>
      Array.from({ length: requests }, async () => {
        const userId = await whoIs(user.browser)
        if (userId === undefined) refused += 1
        else if (userId !== user.userId) foreign += 1
      }),
    )
    await Promise.all(responses)
    for (const { browser, userId } of wave) {
      if ((await whoIs(browser)) !== userId) loggedOut += 1
    }
    refreshes += countRefreshes()
  }

  return [
    exactly('refreshes', refreshes, users),
    none(`of ${users * requests} requests refused`, refused),
    none('responses for another user', foreign),
    none('users logged out', loggedOut),
  ]
}

/** Counts the refreshes that the emulator received since the last count. */
function refreshCounter(emulator: Emulator): () => number {
  let newest: string | undefined
  return () => {
    const requests = emulator.requests()
    const known = requests.findIndex(({ id }) => id === newest)
    newest = requests[0]?.id
    const since = known === -1 ? requests : requests.slice(0, known)
    return since.filter(({ path }) => path === '/v1/auth/refresh').length
  }
}
