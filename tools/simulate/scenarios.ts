import type { ClientOptions } from '@linkpass/core'
import type { WebResponse } from '@linkpass/web'
import { Browser, type Simulation } from './simulation.ts'

/** After how many milliseconds the next thing is done. */
const soon = [0, 0, 50, 500, 1500, 4000] as const

/** What happens in a schedule, apart from faults and the order of things. */
export interface Scenario {
  readonly client?: Partial<ClientOptions>
  readonly play: (simulation: Simulation) => Promise<unknown>
}

/**
 * Tabs of a browser whose session has expired, and a browser of another user. The service ends a session
 * whose old token is used after its grace. A thief may have a copy of the first cookies, and so does the
 * request of a tab that was suspended.
 */
const refresh: Scenario = {
  async play(simulation) {
    const { world } = simulation
    const ada = simulation.signedIn('ada', 120)
    const cookies = new Map(ada.cookies)
    if (world.choices.isExhaustive) {
      return Promise.all([0, 1].map((at) => ada.send('GET /auth/session', { at })))
    }
    const late = world.oneOf([ada, new Browser('thief', simulation)])
    const sendLate = async (): Promise<void> => {
      await world.sleep(world.oneOf([20_000, 500, 3000, 30_000, 70_000]))
      await late.send('GET /auth/session', { cookies })
    }
    await Promise.all([
      ...[world.oneOf([1, 2]), 1, world.oneOf([2, 3])].map((pages) => browse(ada, pages)),
      browse(simulation.signedIn('bob', 120), 1),
      world.oneOf([undefined, sendLate])?.(),
    ])
    // Whatever happened, who has a live token is signed in once all is well again.
    world.calm()
    await world.sleep(30_000)
    return ada.send('GET /auth/session')
  },
}

/** A tab that loads pages, and loads one again where no response came. */
async function browse(browser: Browser, pages: number): Promise<void> {
  const { world } = browser.simulation
  for (let page = 0; page < pages; page += 1) {
    await world.sleep(world.oneOf([0, 0, 0, 50, 500, 3000, 12_000, 65_000, 125_000]))
    const response = await browser.send('GET /auth/session')
    if (response !== undefined && response.status !== 503) continue
    await world.sleep(world.oneOf([100, 1000, 5000]))
    await browser.send('GET /auth/session')
  }
}

/**
 * A browser waits for an enchanted sign-in and completes it, with a double click, while two holders of its
 * links approve and refuse it.
 */
const enchanted: Scenario = {
  async play(simulation) {
    const { world } = simulation
    const ada = new Browser('ada', simulation)
    const link = await requestLink(ada, 'enchanted-link', 'ada')
    if (link === undefined) return undefined
    if (world.choices.isExhaustive) {
      await decide(link, 'approve')
      await ada.send('GET /auth/enchanted-link/status')
      return Promise.all([complete(link, 0), decide(link, 'refuse', 1)])
    }
    const decideLater = async (decision: string): Promise<void> => {
      await world.sleep(world.oneOf([0, 0, 500, 1200, 3000, 30_000]))
      await decide(link, decision)
    }
    return Promise.all([waitAndComplete(link), decideLater('approve'), decideLater('refuse')])
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
      const ada = simulation.signedIn('ada', world.oneOf([120, 10]))
      const laptop = simulation.signedIn('ada', world.oneOf([120, 10]))
      const target = world.oneOf(['/auth/logout', '/auth/logout-all'])
      if (world.choices.isExhaustive) {
        const isEnchanted = against === 'enchanted-link'
        const link = isEnchanted ? await requestLink(ada, against, 'ada') : undefined
        if (link) await decide(link, 'approve')
        await Promise.all([
          link ? complete(link, 0) : ada.send('GET /auth/session', { at: 0 }),
          ada.send(`POST ${target}`, { at: 1 }),
        ])
      } else {
        await Promise.all([
          visit(ada),
          visit(world.oneOf([ada, laptop])),
          leave(ada, target),
          world.oneOf([undefined, signIn])?.(ada, against),
        ])
      }
      world.calm()
      await world.sleep(2000)
      await simulation.probe()
    },
  }
}

/** A tab that shows who is signed in, or refreshes the session. */
async function visit(browser: Browser): Promise<void> {
  const { world } = browser.simulation
  for (const _ of [1, 2]) {
    await world.sleep(world.oneOf(soon))
    await browser.send(world.oneOf(['GET /auth/session', 'POST /auth/refresh']))
  }
}

/** Logs out, and again where that failed. */
async function leave(browser: Browser, target: string): Promise<void> {
  const { world } = browser.simulation
  for (const ms of [world.oneOf(soon), 1000]) {
    await world.sleep(ms)
    const response = await browser.send(`POST ${target}`)
    if (response?.status === 204) return
  }
}

/** A link in a mail, who requested it, and whom it signs in. */
interface Link {
  readonly browser: Browser
  readonly userId: string
  /** The fields of its page. */
  readonly fields: Readonly<Record<string, string>>
}

/** Requests a link; undefined where the browser has no attempt. */
async function requestLink(
  browser: Browser,
  path: string,
  name: string,
): Promise<Link | undefined> {
  const fields = { loginId: `${name}@example.com` }
  const response = await browser.send(`POST /auth/${path}`, { fields })
  const mail = browser.simulation.service.mails.at(-1)
  if (response?.status !== 202 || mail === undefined) return undefined
  const { userId, token: t, url } = mail
  return { browser, userId, fields: { t, state: url.slice(url.lastIndexOf('/') + 1) } }
}

/** Signs in as one user or the other, by a magic link with a double click, or by an enchanted one. */
async function signIn(browser: Browser, path: string): Promise<void> {
  const { world } = browser.simulation
  await world.sleep(world.oneOf(soon))
  const name = world.oneOf(['ada', 'bob'])
  const link = await requestLink(browser, path, name)
  if (link === undefined) return
  const click = (): Response => browser.send('POST /auth/verify', link)
  const isMagic = path === 'magic-link'
  await Promise.all(isMagic ? [click(), click()] : [decide(link, 'approve'), waitAndComplete(link)])
}

/** The tab that waits. Some users click twice, and some browsers repeat what got no response. */
async function waitAndComplete(link: Link): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    const status = await link.browser.send('GET /auth/enchanted-link/status')
    if (status?.body.includes('"approved"') !== true) continue
    const clicks = link.browser.simulation.world.oneOf([[1, 2], [1]])
    const responses = await Promise.all(clicks.map(() => complete(link)))
    if (responses.every((response) => response !== undefined && response.status < 500)) return
  }
}

function complete({ browser, userId }: Link, at?: number): Response {
  return browser.send('POST /auth/enchanted-link/complete', { userId, at })
}

/** Someone opens the mail on another device, and decides. */
function decide(link: Link, decision: string, at?: number): Response {
  const holder = new Browser(`holder-${decision}`, link.browser.simulation)
  const fields = { ...link.fields, decision }
  return holder.send('POST /auth/enchanted-link/verify', { fields, at })
}

type Response = Promise<WebResponse | undefined>

/** The scenarios, by name. */
export const scenarios = {
  refresh,
  enchanted,
  logout: logout('magic-link'),
  completion: logout('enchanted-link'),
}
