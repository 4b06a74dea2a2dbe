import type { WebResponse } from '@linkpass/web'
import type { Browser, Exchange } from '../browser.ts'
import type { Family } from '../service.ts'
import { Simulation } from '../simulation.ts'
import { oneOf, type Scenario } from './scenario.ts'

type Scope = 'logout' | 'logout-all'

/**
 * A browser logs out, here or everywhere, while its tabs refresh, and while it signs in again by a magic
 * link, with a double click. Another browser of the same user is signed in as well.
 *
 * Invariants: those of every scenario, and
 * - once a logout was answered with 204, no refresh token of its session gets a session, and no session
 *   token that it was sent is accepted; for a logout everywhere, no token that the user had until then.
 *
 * By design, a logout here ends the session tokens that it brought, and those that its refresh token was
 * traded for in the last minutes; others live until they expire. A logout finds a new refresh token in the
 * store, so it misses one that an instance handed out while the store failed. A store that loses writes
 * may lose the record of a logout.
 */
export const logout: Scenario = {
  deploy(world, planted) {
    const graceSeconds = oneOf(world, [0, 10])
    const client = { revocation: { onStoreError: 'deny' as const } }
    return new LogoutSimulation(world, { graceSeconds, client, planted })
  },

  async play(simulation) {
    const { world } = simulation
    const ada = simulation.browser('ada')
    const laptop = simulation.browser('laptop')
    ada.cookies = simulation.signedIn('U-ada', oneOf(world, [120, 10]))
    laptop.cookies = simulation.signedIn('U-ada', oneOf(world, [120, 10]))
    const scope = oneOf<Scope>(world, ['logout', 'logout-all'])
    if (world.choices.isExhaustive) {
      await Promise.all([
        ada.send('GET /auth/session', { at: 0 }),
        ada.send(`POST /auth/${scope}`, { at: 1 }),
      ])
    } else {
      await Promise.all([
        browse(simulation, ada),
        browse(simulation, oneOf(world, [ada, laptop])),
        later(simulation).then(() => leave(simulation, ada, scope)),
        ...oneOf(world, [[], [later(simulation).then(() => signInAgain(simulation, ada))]]),
      ])
    }
    world.calm()
    await world.sleep(2000)
    if (simulation instanceof LogoutSimulation) await simulation.probe()
  },
}

/** What no response may follow from, since a logout was confirmed. */
interface Ended {
  readonly since: number
  readonly families: ReadonlySet<Family>
  readonly sessions: ReadonlySet<string>
}

/** How long an instance tries to store an outcome, in milliseconds. */
const storeRetriesMs = 7000

class LogoutSimulation extends Simulation {
  readonly #ended: Ended[] = []

  override onArrival(exchange: Exchange): void {
    super.onArrival(exchange)
    if (isEverywhere(exchange)) this.leave('U-ada', Infinity)
  }

  override onResponse(exchange: Exchange, response: WebResponse): void {
    super.onResponse(exchange, response)
    // By design, a logout everywhere also ends sessions that begin in the same second, and the service's
    // second is known to the second.
    if (isEverywhere(exchange)) this.leave('U-ada', this.world.now + 2000)
    const { sent, request, arrivedAt } = exchange
    const { session, refresh } = this.cookieNames
    const isLogout = request.target.includes('/logout')
    if (isLogout && response.status === 204) this.#end(exchange)
    if (exchange.instance.faultAt + storeRetriesMs > this.world.now) {
      for (const { value } of response.cookies) this.handedOut.delete(value)
    }
    const isSignedIn = response.cookies.some(({ name, maxAge }) => name === session && maxAge > 0)
    const isAccepted = isSignedIn || response.body.includes('"userId"')
    // A sign-in does not depend on the session that it replaces.
    const isSignIn = 't' in request.fields
    if (isLogout || isSignIn || this.hasLostWrites || !isAccepted) return
    const own = sent[session] ?? ''
    for (const { since, families, sessions } of this.#ended) {
      if (arrivedAt < since) continue
      const family = this.service.familyOf(sent[refresh] ?? '')
      const isKnown = this.handedOut.has(sent[refresh] ?? '') && !this.service.familyOf(own)
      const byRefresh = isKnown && family !== undefined && families.has(family)
      if (sessions.has(own) || byRefresh)
        this.world.violate('a session survives a completed logout')
    }
  }

  #end(exchange: Exchange): void {
    const { sent, arrivedAt } = exchange
    const { session } = this.cookieNames
    const since = this.world.now + 1
    const own = this.familyIn(sent)
    const families = isEverywhere(exchange)
      ? this.service.families.filter(
          ({ userId, startedAt }) => userId === own?.userId && startedAt < arrivedAt,
        )
      : [own].filter((family) => family !== undefined)
    const sessions = isEverywhere(exchange)
      ? families.flatMap(({ sessions }) => sessions)
      : [sent[session]].filter((jwt) => jwt !== undefined)
    this.#ended.push({ since, families: new Set(families), sessions: new Set(sessions) })
  }

  /** Tries every token that must be worth nothing. */
  async probe(): Promise<void> {
    const { session, refresh } = this.cookieNames
    const thief = this.browser('thief')
    for (const { families, sessions } of this.#ended) {
      const known = [...families].flatMap(({ refreshes }) =>
        refreshes.filter((jwt) => this.handedOut.has(jwt)),
      )
      for (const jwt of known)
        await thief.send('GET /auth/session', { cookies: { [refresh]: jwt } })
      for (const jwt of [...sessions].filter((jwt) => this.handedOut.has(jwt)))
        await thief.send('GET /auth/session', { cookies: { [session]: jwt } })
    }
  }
}

function isEverywhere({ request }: Exchange): boolean {
  return request.target.endsWith('/logout-all')
}

async function later({ world }: Simulation): Promise<void> {
  await world.sleep(oneOf(world, [0, 0, 50, 500, 1500, 4000]))
}

async function browse(simulation: Simulation, browser: Browser): Promise<void> {
  for (let page = 0; page < 2; page += 1) {
    await later(simulation)
    await browser.send(oneOf(simulation.world, ['GET /auth/session', 'POST /auth/refresh']), {})
  }
}

/** Logs out, and again where that failed. */
async function leave(simulation: Simulation, browser: Browser, scope: Scope): Promise<void> {
  for (let tries = 0; tries < 2; tries += 1) {
    const response = await browser.send(`POST /auth/${scope}`, {})
    if (response?.status === 204) return
    await simulation.world.sleep(1000)
  }
}

/** Requests a link and confirms it, with a double click, as one user or the other. */
async function signInAgain(simulation: Simulation, browser: Browser): Promise<void> {
  const name = oneOf(simulation.world, ['ada', 'bob'])
  await browser.send('POST /auth/magic-link', { fields: { loginId: `${name}@example.com` } })
  const [mail] = simulation.service.mails
  if (mail === undefined || !hasAttempt(browser)) return
  const fields = { t: mail.token, state: mail.url.slice(mail.url.lastIndexOf('/') + 1) }
  const visit = { fields, userId: `U-${name}` }
  await Promise.all([1, 2].map(() => browser.send('POST /auth/verify', visit)))
}

function hasAttempt({ cookies }: Browser): boolean {
  return Object.keys(cookies).some((name) => name.includes('attempt'))
}
