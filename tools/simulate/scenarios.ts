import type { ClientOptions } from '@linkpass/core'
import type { Browser } from './browser.ts'
import type { Simulation } from './simulation.ts'

/** What happens in a schedule, apart from faults and the order of things. */
export interface Scenario {
  readonly client: Partial<ClientOptions>
  readonly play: (simulation: Simulation) => Promise<unknown>
}

/**
 * Tabs of a browser whose session has expired, and a browser of another user. The service ends a session
 * whose old token is used after its grace. A thief may have a copy of the first cookies, and so does the
 * request of a tab that was suspended.
 */
const refresh: Scenario = {
  client: {},
  async play(simulation) {
    const { world } = simulation
    const ada = simulation.signedIn('ada', 120)
    const { cookies } = ada
    if (world.choices.isExhaustive) {
      return Promise.all([0, 1].map((at) => ada.send('GET /auth/session', { at })))
    }
    const late = simulation.oneOf([ada, simulation.browser('thief')])
    const tabs = [1 + world.choices.below(2), 1, 2 + world.choices.below(2)]
    await Promise.all([
      ...tabs.map((count) => browse(simulation, ada, count)),
      browse(simulation, simulation.signedIn('bob', 120), 1),
      simulation.oneOf([
        undefined,
        simulation
          .later(20_000, 500, 3000, 30_000, 70_000)
          .then(() => late.send('GET /auth/session', { cookies })),
      ]),
    ])
    // Whatever happened, who has a live token is signed in once all is well again.
    world.calm()
    await world.sleep(30_000)
    return ada.send('GET /auth/session')
  },
}

/** A tab that loads pages, and loads one again where no response came. */
async function browse(simulation: Simulation, browser: Browser, count: number): Promise<void> {
  for (let page = 0; page < count; page += 1) {
    await simulation.later(0, 0, 0, 50, 500, 3000, 12_000, 65_000, 125_000)
    const response = await browser.send('GET /auth/session')
    if (response !== undefined && response.status !== 503) continue
    await simulation.later(100, 1000, 5000)
    await browser.send('GET /auth/session')
  }
}

/**
 * A browser waits for an enchanted sign-in and completes it, with a double click, while two holders of its
 * links approve and refuse it.
 */
const enchanted: Scenario = {
  client: {},
  async play(simulation) {
    const { world } = simulation
    const ada = simulation.browser('ada')
    const link = await request(simulation, ada, 'enchanted-link', 'ada')
    if (link === undefined) return undefined
    if (world.choices.isExhaustive) {
      await decide(simulation, link, 'approve')
      await ada.send('GET /auth/enchanted-link/status')
      return Promise.all([complete(ada, link, 0), decide(simulation, link, 'refuse', 1)])
    }
    const later = (): Promise<void> => simulation.later(0, 0, 500, 1200, 3000, 30_000)
    return Promise.all([
      waitAndComplete(simulation, ada, link),
      later().then(() => decide(simulation, link, 'approve')),
      later().then(() => decide(simulation, link, 'refuse')),
    ])
  },
}

/**
 * A browser logs out, here or everywhere, while tabs refresh, and while it signs in again with a double
 * click, by a magic link or an enchanted one. Another browser of the same user is signed in as well.
 */
function logout(against: 'magic-link' | 'enchanted-link'): Scenario {
  return {
    client: { revocation: { onStoreError: 'deny' } },
    async play(simulation) {
      const { world } = simulation
      const ada = simulation.signedIn('ada', simulation.oneOf([120, 10]))
      const laptop = simulation.signedIn('ada', simulation.oneOf([120, 10]))
      const scope = simulation.oneOf(['logout', 'logout-all'])
      const later = (): Promise<void> => simulation.later(0, 0, 50, 500, 1500, 4000)
      const visit = async (browser: Browser): Promise<void> => {
        for (const _ of [1, 2]) {
          await later()
          await browser.send(simulation.oneOf(['GET /auth/session', 'POST /auth/refresh']))
        }
      }
      if (!world.choices.isExhaustive) {
        await Promise.all([
          visit(ada),
          visit(simulation.oneOf([ada, laptop])),
          later().then(() => leave(simulation, ada, scope)),
          simulation.oneOf([undefined, later().then(() => signIn(simulation, ada, against))]),
        ])
      } else {
        const isEnchanted = against === 'enchanted-link'
        const link = isEnchanted ? await request(simulation, ada, against, 'ada') : undefined
        if (link) await decide(simulation, link, 'approve')
        await Promise.all([
          link ? complete(ada, link, 0) : ada.send('GET /auth/session', { at: 0 }),
          ada.send(`POST /auth/${scope}`, { at: 1 }),
        ])
      }
      world.calm()
      await world.sleep(2000)
      await simulation.probe()
    },
  }
}

/** Logs out, and again where that failed. */
async function leave(simulation: Simulation, browser: Browser, scope: string): Promise<void> {
  for (const _ of [1, 2]) {
    const response = await browser.send(`POST /auth/${scope}`)
    if (response?.status === 204) return
    await simulation.world.sleep(1000)
  }
}

/** A link in a mail, and whom it signs in. */
interface Link {
  readonly userId: string
  /** The fields of its page. */
  readonly fields: Readonly<Record<string, string>>
}

/** Requests a link; undefined where the browser has no attempt. */
async function request(
  { service }: Simulation,
  browser: Browser,
  path: string,
  name: string,
): Promise<Link | undefined> {
  const fields = { loginId: `${name}@example.com` }
  const response = await browser.send(`POST /auth/${path}`, { fields })
  const mail = service.mails.at(-1)
  if (response?.status !== 202 || mail === undefined) return undefined
  const { userId, token: t, url } = mail
  return { userId, fields: { t, state: url.slice(url.lastIndexOf('/') + 1) } }
}

/** Signs in as one user or the other, by a magic link with a double click, or by an enchanted one. */
async function signIn(simulation: Simulation, browser: Browser, path: string): Promise<void> {
  const link = await request(simulation, browser, path, simulation.oneOf(['ada', 'bob']))
  if (link === undefined) return
  const click = (): unknown => browser.send('POST /auth/verify', link)
  const approve = (): unknown => decide(simulation, link, 'approve')
  const wait = (): unknown => waitAndComplete(simulation, browser, link)
  const both = path === 'magic-link' ? [click, click] : [approve, wait]
  await Promise.all(both.map((act) => act()))
}

/** The tab that waits. Some users click twice, and some browsers repeat what got no response. */
async function waitAndComplete(
  simulation: Simulation,
  browser: Browser,
  link: Link,
): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    const status = await browser.send('GET /auth/enchanted-link/status')
    if (status?.body.includes('"approved"') !== true) continue
    const clicks = simulation.oneOf([2, 1])
    const responses = await Promise.all(
      Array.from({ length: clicks }, () => complete(browser, link)),
    )
    if (responses.every((response) => response !== undefined && response.status < 500)) return
  }
}

function complete(browser: Browser, { userId }: Link, at?: number): ReturnType<Browser['send']> {
  return browser.send('POST /auth/enchanted-link/complete', { userId, at })
}

/** Someone opens the mail on another device, and decides. */
function decide(
  simulation: Simulation,
  link: Link,
  decision: 'approve' | 'refuse',
  at?: number,
): ReturnType<Browser['send']> {
  const fields = { ...link.fields, decision }
  return simulation
    .browser(`holder-${decision}`)
    .send('POST /auth/enchanted-link/verify', { fields, at })
}

/** The scenarios, by name. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  refresh,
  enchanted,
  logout: logout('magic-link'),
  completion: logout('enchanted-link'),
}
