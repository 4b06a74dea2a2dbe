import type { ClientOptions } from '@linkpass/core'
import type { WebResponse } from '@linkpass/web'
import { Browser, type Cookies, type Exchange, type Site } from './browser.ts'
import { Instance, type InstanceParts, type Planted, type SimRequest } from './instance.ts'
import { AtMostOnce } from './once.ts'
import { type Family, Service } from './service.ts'
import { StoreData } from './store-data.ts'
import type { Actor, Fault, World } from './world.ts'

/** How the app of a schedule is deployed. */
export interface Deployment {
  /** How long the service accepts a rotated token, in seconds. */
  readonly graceSeconds: number
  readonly client: Partial<ClientOptions>
  readonly planted: Planted
}

/** The longest that an instance holds a lock, in milliseconds. */
const longestLockMs = 11_000

/** The most that two clocks differ, in milliseconds, and the second that tokens count in. */
export const skewMs = 4000

/**
 * Two instances of an app, the store and the service that they share, and the invariants that hold in
 * every scenario.
 */
export class Simulation implements Site {
  readonly world: World
  readonly service: Service
  readonly data: StoreData
  readonly #instances: Instance[] = []
  readonly #parts: InstanceParts
  readonly #trades: AtMostOnce
  readonly #redeemed: AtMostOnce
  readonly #accepted: AtMostOnce
  /** Sessions that a user left, or tried to, and how: what becomes of them signs no user out. */
  readonly #left = new Map<Family, 'logout' | 'sign-in'>()
  /** Whether the store has lost writes. Nothing that rests on its records holds then. */
  hasLostWrites = false
  /** The refresh tokens that browsers may have. */
  readonly handedOut = new Set<string>()
  readonly #leftUntil = new Map<string, number>()
  /** When a refresh token, or a session token that came with it, was first presented. */
  readonly #seenAt = new Map<string, number>()

  constructor(world: World, { graceSeconds, client, planted }: Deployment) {
    this.world = world
    const aheadMs = ([0, 700, -700] as const)[world.choices.below(3)] ?? 0
    const endsOnReuse = world.choices.below(4) > 0
    this.service = new Service(world, { graceMs: graceSeconds * 1000, aheadMs, endsOnReuse })
    this.data = new StoreData(world)
    const { service, data } = this
    const onSignIn = (instance: Actor): void => this.#accepted.did('', instance)
    this.#parts = { world, service, data, client, planted, onSignIn }
    // SECURITY.md: ten seconds after the first trade, and once the successor was seen, the service is
    // asked again, because it is the service that detects the reuse of a stolen token. The same holds
    // after two minutes.
    const mayRepeat = (refreshJwt: string, firstAt: number, secondAt: number): boolean => {
      const isSeen = this.seenAt(this.successorOf(refreshJwt)) <= secondAt
      return secondAt - firstAt > (isSeen ? 10_000 : 120_000) - skewMs
    }
    this.#trades = new AtMostOnce(world, 'a refresh token is traded twice', { mayRepeat })
    // A store that does not respond keeps no one from a sign-in: the instance goes on without the lock.
    const isLockOptional = true
    this.#redeemed = new AtMostOnce(world, 'a link is redeemed twice', { isLockOptional })
    this.#accepted = new AtMostOnce(world, 'onSignIn runs twice for one sign-in', {
      isLockOptional,
    })
    this.service.onTrade = (refreshJwt, actor) => this.#trades.did(refreshJwt, actor)
    this.service.onRedeem = (token, actor) => this.#redeemed.did(token, actor)
    world.onFault = (actor) => {
      actor.faultAt = world.now
      for (const once of this.#once) once.lost(actor)
    }
    world.extraFaults = () => this.#faults()
  }

  /** Starts the instances. */
  async start(): Promise<void> {
    for (const name of ['app-1', 'app-2'])
      this.#instances.push(await Instance.start(name, this.#parts))
  }

  /** Ends the processes. */
  end(): void {
    for (const instance of this.#instances) instance.crash()
  }

  browser(name: string): Browser {
    return new Browser(name, this)
  }

  /** One of the instances. @param at its number @default any */
  instanceFor(at: number = this.world.choices.below(this.#instances.length)): Instance {
    const instance = this.#instances[at]
    if (instance === undefined) throw new RangeError('There is no such instance.')
    return instance
  }

  get cookieNames(): { readonly session: string; readonly refresh: string } {
    return this.instanceFor(0).auth.cookieNames
  }

  /** The cookies of a user who signed in some time ago. */
  signedIn(userId: string, agoSeconds: number): Record<string, string> {
    const { sessionJwt, refreshJwt } = this.service.signIn(userId, agoSeconds)
    const { session, refresh } = this.cookieNames
    this.handedOut.add(refreshJwt)
    return { [session]: sessionJwt, [refresh]: refreshJwt }
  }

  successorOf(refreshJwt: string): string | undefined {
    const refreshes = this.service.familyOf(refreshJwt)?.refreshes ?? []
    return refreshes[refreshes.indexOf(refreshJwt) + 1]
  }

  seenAt(refreshJwt: string | undefined): number {
    return this.#seenAt.get(refreshJwt ?? '') ?? Infinity
  }

  /** The session of the refresh token among these cookies. */
  familyIn(cookies: Cookies): Family | undefined {
    return this.service.familyOf(cookies[this.cookieNames.refresh] ?? '')
  }

  onArrival({ sent, request }: Exchange): void {
    const refreshJwt = sent[this.cookieNames.refresh]
    if (refreshJwt !== undefined && !this.#seenAt.has(refreshJwt)) {
      this.#seenAt.set(refreshJwt, this.world.now)
    }
    const family = this.familyIn(sent)
    // A sign-in ends the session that it replaces.
    const isSignIn = isSignInRequest(request)
    if (family !== undefined && isSignIn && !this.#left.has(family))
      this.#left.set(family, 'sign-in')
    if (family !== undefined && isLogoutRequest(request)) this.#left.set(family, 'logout')
  }

  onResponse({ visit, sent, instance, request, arrivedAt }: Exchange, response: WebResponse): void {
    const { world, service, cookieNames: names } = this
    const own = sent[names.refresh] ?? ''
    const { t = '' } = request.fields
    this.#trades.settled(own, instance)
    this.#redeemed.settled(t, instance)
    if (isSignInRequest(request)) this.#accepted.settled('', instance)
    const senders = [own, sent[names.session] ?? ''].map((jwt) => service.familyOf(jwt)?.userId)
    for (const { value } of response.cookies) this.handedOut.add(value)
    const given = response.cookies.find(({ name, maxAge }) => name === names.session && maxAge > 0)
    for (const userId of [service.familyOf(given?.value ?? '')?.userId, userIn(response)]) {
      if (userId === undefined || userId === visit.userId || senders.includes(userId)) continue
      world.violate("a user receives another user's session")
    }
    const family = service.familyOf(own)
    const isCurrent = family?.refreshes.at(-1) === own && service.accepts(own)
    if (response.status === 401 && isCurrent && !this.#isLeft(family)) {
      world.violate('a user with a live refresh token gets a 401')
    }
    const isOld =
      arrivedAt > (family?.rotatedAt[family.refreshes.indexOf(own)] ?? Infinity) + 10_000 + skewMs
    const isInUse = this.seenAt(this.successorOf(own)) < arrivedAt - 1000
    if (
      given !== undefined &&
      family?.refreshes.includes(own) &&
      isOld &&
      isInUse &&
      world.isUnharmed
    ) {
      const sameFamily = family.sessions.includes(given.value)
      if (sameFamily && !service.accepts(own))
        world.violate('a copy of an old token gets a session')
    }
    if (response.status === 500) world.violate('a response with status 500')
  }

  // A store that loses writes may lose the record that a token was rotated, and a late request then clears
  // the cookies. By design, a response about a session that was logged out may clear the cookies of a later sign-in:
  // nothing tells a server in which order a browser gets its responses.
  onDelivery({ browser, request, sent }: Exchange, { cookies }: WebResponse): void {
    const { session, refresh } = this.cookieNames
    const isCleared = cookies.some(
      ({ name, maxAge, domain }) => name === refresh && maxAge === 0 && !domain,
    )
    const isGiven = cookies.some(({ name, maxAge }) => name === session && maxAge > 0)
    if (!isCleared || isGiven || isLogoutRequest(request) || this.hasLostWrites) return
    const family = this.familyIn(browser.cookies)
    const before = this.familyIn(sent)
    const isLate = before !== undefined && before !== family && this.#left.get(before) !== 'sign-in'
    const isLive = this.service.accepts(browser.cookies[refresh] ?? '')
    if (family !== undefined && isLive && !isLate && !this.#isLeft(family)) {
      this.world.violate('a user with a live refresh token is signed out')
    }
  }

  /** Every session of a user that starts until then is left, as by a logout everywhere. */
  leave(userId: string, until: number): void {
    this.#leftUntil.set(userId, until)
  }

  #isLeft(family: Family): boolean {
    return this.#left.has(family) || family.startedAt <= (this.#leftUntil.get(family.userId) ?? 0)
  }

  get #once(): readonly AtMostOnce[] {
    return [this.#trades, this.#redeemed, this.#accepted]
  }

  #faults(): Fault[] {
    const { isExhaustive } = this.world.choices
    const crashes = this.#instances.map((instance, index): Fault => {
      return [`${instance.name} crashes`, () => this.#crash(instance, index)]
    })
    if (isExhaustive) return crashes
    const pauses = this.#instances
      .filter(({ isPaused }) => !isPaused)
      .map((instance): Fault => [`${instance.name} is paused`, () => this.#pause(instance)])
    const failover: Fault = ['the store loses its newest writes', () => this.#failOver()]
    return [...crashes, ...pauses, ...(this.data.unsafe > 0 ? [failover] : [])]
  }

  async #crash(instance: Instance, index: number): Promise<void> {
    this.world.onFault(instance)
    instance.crash()
    const name = this.world.unique(`app-${index + 1}`)
    this.#instances[index] = await Instance.start(name, this.#parts)
  }

  #pause(instance: Instance): void {
    this.world.onFault(instance)
    instance.isPaused = true
  }

  #failOver(): void {
    this.hasLostWrites = true
    for (const once of this.#once) once.forgotten()
    // A lock may be among them, and its holder goes on without it.
    for (const instance of this.#instances) instance.unwellUntil = this.world.now + longestLockMs
    this.data.lose(1 + this.world.choices.below(Math.min(3, this.data.unsafe)))
  }
}

function isLogoutRequest({ target }: SimRequest): boolean {
  return target.includes('/logout')
}

function isSignInRequest({ target, fields }: SimRequest): boolean {
  return target.endsWith('/complete') || (target.endsWith('/auth/verify') && 't' in fields)
}

function userIn({ status, body }: WebResponse): string | undefined {
  const data: unknown = status === 200 && body.startsWith('{') ? JSON.parse(body) : undefined
  return typeof data === 'object' && data !== null && 'userId' in data
    ? String(data.userId)
    : undefined
}
