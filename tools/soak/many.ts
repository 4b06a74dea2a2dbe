/**
 * Four instances behind nginx without stickiness, and users who do what users do, while instances are
 * killed, Redis stops, stands still or cuts connections, secrets rotate and a neighbouring format is
 * deployed. Nobody may lose a session, and no session may work a second after its logout.
 */
import type { Browser } from '@linkpass/testing/browser'
import { seededRandom } from '@linkpass/testing'
import { atLeast, type Finding, measuredAtMost, none } from './finding.ts'
import { type Fleet, meOf, startFleet } from './fleet/fleet.ts'

export interface ManyOptions {
  readonly minutes: number
  readonly users: number
  readonly seed: number
}

const secrets = [
  'a secret of the fleet, of 32 bytes or more',
  'the next secret, of 32 bytes or more',
]
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const sameSite = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }

class Counts {
  requests = 0
  unavailable = 0
  lost = 0
  wrongUser = 0
  logouts = 0
  acceptedAfterLogout = 0
  signIns = 0
  doubleClicks = 0
  enchanted = 0
  readonly drills = new Map<string, number>()
}

/** Runs the scenario. */
export async function many({ minutes, users, seed }: ManyOptions): Promise<readonly Finding[]> {
  const random = seededRandom(seed)
  await using fleet = await startFleet({
    rotationGraceSeconds: 10,
    sessionLifetimeSeconds: 6,
    instance: { refreshGraceSeconds: 10, secrets },
  })
  const counts = new Counts()
  const endsAt = performance.now() + minutes * 60_000
  const isOver = (): boolean => performance.now() > endsAt
  /** Since when store and instances have been up, in monotonic milliseconds; Infinity amid a drill. */
  const state = { upSince: performance.now() }
  const chaos = runDrills(fleet, random, counts, state, isOver)
  await Promise.all(
    Array.from({ length: users }, (_, index) =>
      liveAs(fleet, `user-${index}@example.test`, random, counts, state, isOver),
    ),
  )
  await chaos
  const keys = (await fleet.redis.command('KEYS', '*')).split('\n')
  const lives = await Promise.all(keys.map((key) => fleet.redis.command('PTTL', key)))
  const unexpected = fleet.warnings.filter((text) => !text.includes('get 503'))
  return [
    atLeast('requests', counts.requests, users),
    none('sessions lost', counts.lost),
    none('sessions of another user', counts.wrongUser),
    none('sessions that worked a second after their logout', counts.acceptedAfterLogout),
    atLeast('logouts', counts.logouts, 1),
    atLeast('sign-ins by link', counts.signIns, 1),
    atLeast('double clicks', counts.doubleClicks, 1),
    atLeast('enchanted sign-ins', counts.enchanted, 1),
    atLeast(
      'drills',
      [...counts.drills.values()].reduce((sum, count) => sum + count, 0),
      1,
    ),
    none('keys without the prefix', keys.filter((key) => !key.startsWith('fleet:')).length),
    none('keys without a time to live', lives.filter((text) => text === '-1').length),
    none('warnings of Node', unexpected.length),
    measuredAtMost(
      'per cent of responses 503, 502 or cut',
      (100 * counts.unavailable) / counts.requests,
      25,
    ),
  ]
}

type State = { upSince: number }

/** A user: requests at once, now and then a logout, and a new sign-in in one of three ways. */
async function liveAs(
  fleet: Fleet,
  address: string,
  random: () => number,
  counts: Counts,
  state: State,
  isOver: () => boolean,
): Promise<void> {
  const first = await fleet.signIn(address)
  const { userId } = first
  let { browser } = first
  while (!isOver()) {
    const tabs = Array.from({ length: 1 + Math.floor(random() * 6) }, () => meOf(browser))
    for (const me of await Promise.all(tabs)) note(me, userId, counts)
    if (random() < 0.1) {
      await logOut(browser, userId, counts, state)
      // Also if it was not confirmed: it may have been done.
      const again = await signIn(fleet, address, random, counts)
      browser = again ?? (await fleet.signIn(address)).browser
    }
    await pause(200 + random() * 1500)
  }
}

function note(me: string | number, userId: string, counts: Counts): void {
  counts.requests += 1
  if (me === userId) return
  if (me === 'cut' || me === 503 || me === 502 || me === 504) counts.unavailable += 1
  else if (typeof me === 'number') counts.lost += 1
  else counts.wrongUser += 1
}

/** If it is confirmed, a copy of the cookies must be of no use a second later. */
async function logOut(
  browser: Browser,
  userId: string,
  counts: Counts,
  state: State,
): Promise<void> {
  const old = browser.copy()
  const logout = await browser
    .visit('/auth/logout', { form: {}, headers: sameSite })
    .catch(() => undefined)
  if (logout?.status !== 204) return
  counts.logouts += 1
  const loggedOutAt = performance.now()
  await pause(1000)
  const me = await meOf(old)
  // What is known within a second needs a store that was up all the time.
  const wasUp = state.upSince < loggedOutAt - 2000
  if (me === userId && wasUp) counts.acceptedAfterLogout += 1
}

/** A new browser that signed in, as often as it takes; undefined if that failed in the outage. */
async function signIn(
  fleet: Fleet,
  address: string,
  random: () => number,
  counts: Counts,
): Promise<Browser | undefined> {
  const browser = fleet.browser()
  const isEnchanted = random() < 0.3
  const path = isEnchanted ? '/auth/enchanted-link' : '/auth/magic-link'
  const form = { loginId: address, method: 'email', returnTo: '/me' }
  const before = fleet.emulator.inbox.list({ to: address })[0]?.id
  const sent = await browser.visit(path, { form }).catch(() => undefined)
  const mail = fleet.emulator.inbox.list({ to: address })[0]
  if (sent?.status !== 303 || mail === undefined || mail.id === before) return undefined
  return isEnchanted
    ? finishEnchanted(fleet, browser, mail.id, counts)
    : finishMagic(browser, mail.links[0]?.url ?? '', random, counts)
}

/** Opens the link, sometimes twice at once; an outage is tried again. */
async function finishMagic(
  browser: Browser,
  url: string,
  random: () => number,
  counts: Counts,
): Promise<Browser | undefined> {
  const { pathname, search } = new URL(url)
  const isDouble = random() < 0.5
  if (isDouble) counts.doubleClicks += 1
  for (let tries = 0; tries < 8; tries += 1) {
    const open = (): Promise<number | undefined> =>
      browser.visit(pathname + search).then(
        ({ status }) => status,
        () => undefined,
      )
    await Promise.all(isDouble ? [open(), open()] : [open()])
    const me = await meOf(browser)
    if (typeof me === 'string' && me !== 'cut') {
      counts.signIns += 1
      return browser
    }
    if (me !== 'cut' && typeof me === 'number' && me < 500 && tries > 4) return undefined
    await pause(1000)
  }
  return undefined
}

async function finishEnchanted(
  fleet: Fleet,
  browser: Browser,
  mailId: string,
  counts: Counts,
): Promise<Browser | undefined> {
  await fleet.emulator.inbox.click(mailId).catch(() => undefined)
  for (let tries = 0; tries < 8; tries += 1) {
    // A long poll, on whichever instance it reaches.
    await browser.visit('/auth/enchanted-link/status', { headers: sameSite }).catch(() => undefined)
    await browser
      .visit('/auth/enchanted-link/complete', { form: {}, headers: sameSite })
      .catch(() => undefined)
    const me = await meOf(browser)
    if (typeof me === 'string' && me !== 'cut') {
      counts.enchanted += 1
      return browser
    }
    await pause(1000)
  }
  return undefined
}

/** Something goes wrong every ten seconds. */
async function runDrills(
  fleet: Fleet,
  random: () => number,
  counts: Counts,
  state: State,
  isOver: () => boolean,
): Promise<void> {
  const { redis, proxy, instances } = fleet
  const pick = (): number => Math.floor(random() * instances.length)
  const restart = async (index: number, options: object = {}): Promise<void> => {
    await instances[index]?.kill()
    await instances[index]?.start(options)
  }
  const drills: Readonly<Record<string, () => Promise<void>>> = {
    'an instance is killed': () => restart(pick()),
    'connections to Redis are cut': async () => {
      proxy.cut()
      await pause(500)
      proxy.restore()
    },
    'Redis restarts': async () => {
      await redis.stop()
      await redis.start()
    },
    'Redis stands still': async () => {
      redis.pause()
      await pause(3000)
      redis.resume()
    },
    'secrets rotate': async () => {
      secrets.reverse()
      for (const index of instances.keys()) await restart(index, { secrets })
    },
    'a neighbouring format is deployed': async () => {
      await restart(pick(), { format: 2 })
    },
  }
  const names = Object.keys(drills)
  for (let round = 0; !isOver(); round += 1) {
    await pause(8000)
    if (isOver()) return
    const name = names[round % names.length] ?? ''
    state.upSince = Number.POSITIVE_INFINITY
    await drills[name]?.()
    counts.drills.set(name, (counts.drills.get(name) ?? 0) + 1)
    state.upSince = performance.now()
  }
}
