/**
 * A page of an app sends five requests at once, and the session has expired: for hundreds of
 * people, one refresh each. The refresh tokens rotate, so that a second one would end the session.
 */
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { startApp, whoIs } from './app.ts'
import { exactly, type Finding, none } from './finding.ts'

export interface RefreshHerdOptions {
  readonly people: number
  /** Requests of one person at once. */
  readonly requests: number
}

// The emulator's journal holds 500 entries; a wave that overflows it still counts as too many.
const peopleAtOnce = 100

/** Runs it. */
export async function refreshHerd(options: RefreshHerdOptions): Promise<readonly Finding[]> {
  const { people, requests } = options
  await using emulator = await startEmulator({ rotateRefreshTokens: true })
  await using app = await startApp(emulator)
  const countRefreshes = refreshCounter(emulator)
  let refreshes = 0
  let refused = 0
  let foreign = 0
  let loggedOut = 0

  for (let first = 0; first < people; first += peopleAtOnce) {
    const size = Math.min(peopleAtOnce, people - first)
    const wave = await Promise.all(
      Array.from({ length: size }, (_, index) =>
        app.signedIn(`person-${first + index}@example.test`),
      ),
    )
    emulator.clock.advance(60 * 60_000)

    const answers = wave.flatMap((person) =>
      Array.from({ length: requests }, async () => {
        const userId = await whoIs(person.browser)
        if (userId === undefined) refused += 1
        else if (userId !== person.userId) foreign += 1
      }),
    )
    await Promise.all(answers)
    for (const { browser, userId } of wave) {
      if ((await whoIs(browser)) !== userId) loggedOut += 1
    }
    refreshes += countRefreshes()
  }

  return [
    exactly('refreshes', refreshes, people),
    none(`of ${people * requests} requests refused`, refused),
    none('answered for somebody else', foreign),
    none('people logged out', loggedOut),
  ]
}

/** Counts the refreshes that the emulator noted since the last count. */
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
