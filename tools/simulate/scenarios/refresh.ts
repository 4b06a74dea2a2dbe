import type { Browser } from '../browser.ts'
import { Simulation } from '../simulation.ts'
import { oneOf, type Scenario } from './scenario.ts'

/**
 * Tabs of a browser whose session has expired, and a browser of another user, on two instances. The
 * service rotates refresh tokens, and ends a session whose old token is used after its grace.
 *
 * A thief may have a copy of the first cookies, and so does the request of a tab that was suspended.
 *
 * Invariants: those of every scenario.
 */
export const refresh: Scenario = {
  deploy(world, planted) {
    const graceSeconds = oneOf(world, [0, 10])
    const isStated = graceSeconds > 0 && world.choices.below(2) === 1
    const client = isStated ? { refreshGraceSeconds: graceSeconds } : {}
    return new Simulation(world, { graceSeconds, client, planted })
  },

  async play(simulation) {
    const { world } = simulation
    const ada = simulation.browser('ada')
    ada.cookies = simulation.signedIn('U-ada', 120)
    if (world.choices.isExhaustive) {
      await Promise.all([0, 1].map((at) => visit(ada, at)))
      return
    }
    const bob = simulation.browser('bob')
    bob.cookies = simulation.signedIn('U-bob', 120)
    const thief = simulation.browser('thief')
    const tabs = [1 + world.choices.below(2), 1, 2 + world.choices.below(2)]
    await Promise.all([
      ...tabs.map((count) => browse(simulation, ada, count)),
      browse(simulation, bob, 1),
      ...oneOf(world, [[], [visitLate(simulation, oneOf(world, [ada, thief]), ada.cookies)]]),
    ])
    // Whatever happened, who has a live token is signed in once all is well again.
    world.calm()
    await world.sleep(30_000)
    await visit(ada)
  },
}

/** A tab that loads pages, and loads one again where no response came. */
async function browse({ world }: Simulation, browser: Browser, count: number): Promise<void> {
  for (let page = 0; page < count; page += 1) {
    await world.sleep(oneOf(world, [0, 0, 0, 50, 500, 3000, 12_000, 65_000, 125_000]))
    const response = await visit(browser)
    if (response !== undefined && response.status !== 503) continue
    await world.sleep(oneOf(world, [100, 1000, 5000]))
    await visit(browser)
  }
}

/** A request with cookies that may be old by now. */
async function visitLate(
  { world }: Simulation,
  browser: Browser,
  cookies: Browser['cookies'],
): Promise<void> {
  await world.sleep(oneOf(world, [20_000, 500, 3000, 30_000, 70_000]))
  await browser.send('GET /auth/session', { cookies })
}

function visit(browser: Browser, at?: number): ReturnType<Browser['send']> {
  return browser.send('GET /auth/session', at === undefined ? {} : { at })
}
