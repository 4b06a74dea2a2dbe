import type { WebResponse } from '@linkpass/web'
import type { Cookies, Exchange } from './browser.ts'
import { cookieNames, type SimRequest } from './instance.ts'
import type { AtMostOnce } from './once.ts'
import type { Family, Service } from './service.ts'
import type { World } from './world.ts'

/** How long an instance tries to store an outcome, in milliseconds. */
const storeRetriesMs = 7000
/** How old the log of revocations may be that an instance goes by, in milliseconds. */
const logMs = 1000
/** The most that two clocks differ, in milliseconds, and the second that tokens count in. */
const skewMs = 4000

/** What no response may follow from, since a logout was confirmed. */
interface Ended {
  readonly since: number
  readonly families: readonly (Family | undefined)[]
  readonly sessions: readonly (string | undefined)[]
}

/**
 * Watches every request, and knows what must never happen:
 *
 * - no user receives another user's session
 * - a refresh token is traded, a link redeemed and a sign-in accepted at most once ({@link AtMostOnce})
 * - no user with a live refresh token gets a 401, or loses the cookies
 * - a copy of an old refresh token gets no session once the new one is in use
 * - no browser gets the session of an attempt whose refusal was confirmed, before or after
 * - once a logout was answered with 204, no refresh token of its session gets a session, and no session
 *   token that it was sent is accepted; for a logout everywhere, no token that the user had until then
 * - no response has status 500
 *
 * By design, a logout here ends the session tokens that it brought, and those that its refresh token was
 * traded for in the last minutes; others live until they expire. A logout finds a new refresh token in the
 * store, so it misses one that an instance handed out while the store failed. A response about a session
 * that was logged out may clear the cookies of a later sign-in: nothing tells a server in which order a
 * browser gets its responses. A store that loses writes may lose the record of a logout, a refusal or a
 * rotation.
 */
export class Invariants {
  /** Whether the store has lost writes. Nothing that rests on its records holds then. */
  hasLostWrites = false
  readonly #world: World
  readonly #service: Service
  readonly #once: AtMostOnce
  /** Sessions that a user left, or tried to, and how: what becomes of them signs no user out. */
  readonly #left = new Map<Family, 'logout' | 'sign-in'>()
  /** Until when every session that starts is left, by a logout everywhere. */
  readonly #leftUntil = new Map<string | undefined, number>()
  readonly #ended: Ended[] = []
  /** The tokens that browsers may have. */
  readonly #handedOut = new Set<string | undefined>()
  /** When a refresh token, or a session token that came with it, was first presented. */
  readonly #seenAt = new Map<string | undefined, number>()
  #isRefused = false
  #isCompleted = false

  constructor(world: World, service: Service, once: AtMostOnce) {
    this.#world = world
    this.#service = service
    this.#once = once
  }

  /** A browser may have this token. */
  handOut(token: string): void {
    this.#handedOut.add(token)
  }

  onArrival({ sent, request }: Exchange): void {
    const refreshJwt = sent[cookieNames.refresh]
    if (!this.#seenAt.has(refreshJwt)) this.#seenAt.set(refreshJwt, this.#world.now)
    const family = this.#service.familyOf(refreshJwt)
    if (family === undefined) return
    // A sign-in ends the session that it replaces.
    if (isSignIn(request) && !this.#left.has(family)) this.#left.set(family, 'sign-in')
    if (isLogout(request)) this.#left.set(family, 'logout')
    if (isEverywhere(request)) this.#leftUntil.set(family.userId, Infinity)
  }

  onResponse(exchange: Exchange, response: WebResponse): void {
    const { sent, request, arrivedAt, instance } = exchange
    const world = this.#world
    const service = this.#service
    const own = sent[cookieNames.refresh]
    const family = service.familyOf(own)
    if (isEverywhere(request)) {
      // By design, it also ends sessions that begin in the same second, and the service's second is known
      // to the second; to five and the difference of the clocks, if it never responded to this instance.
      this.#leftUntil.set(family?.userId, world.now + (instance.hasHeard ? 2000 : 8500))
    }
    if (isLogout(request) && response.status === 204) this.#end(exchange)
    const mayBeUnstored = instance.faultAt + storeRetriesMs > world.now
    for (const { value } of response.cookies) {
      if (mayBeUnstored) this.#handedOut.delete(value)
      else this.#handedOut.add(value)
    }
    this.#checkRepeats(exchange)
    this.#checkUsers(exchange, response)
    this.#checkRefusal(exchange, response)
    if (!isSignIn(request)) this.#checkLogouts(exchange, response)
    const isLive = family?.refreshes.at(-1) === own && service.accepts(own)
    if (response.status === 401 && family && isLive && !this.#isLeft(family)) {
      world.violate('a user with a live refresh token gets a 401')
    }
    const rotatedAt = family?.rotatedAt[family.refreshes.indexOf(own ?? '')] ?? Infinity
    const isOld = arrivedAt > rotatedAt + 10_000 + skewMs && !service.accepts(own)
    const isReplaced = isOld && this.#seen(this.#successorOf(own)) < arrivedAt - 1000
    const given = this.#sessionIn(response)
    if (isReplaced && world.isUnharmed && given !== undefined && family?.sessions.includes(given)) {
      world.violate('a copy of an old token gets a session')
    }
    if (response.status === 500) world.violate('a response with status 500')
  }

  onDelivery({ browser, request, sent }: Exchange, response: WebResponse): void {
    const { refresh } = cookieNames
    const isCleared = response.cookies.some(
      ({ name, maxAge, domain }) => name === refresh && maxAge === 0 && !domain,
    )
    if (!isCleared || this.#sessionIn(response) || isLogout(request) || this.hasLostWrites) return
    const family = this.#service.familyOf(browser.cookies[refresh])
    const before = this.#service.familyOf(sent[refresh])
    const isLate = before !== undefined && before !== family && this.#left.get(before) !== 'sign-in'
    const isLive = this.#service.accepts(browser.cookies[refresh])
    if (family !== undefined && isLive && !isLate && !this.#isLeft(family)) {
      this.#world.violate('a user with a live refresh token is signed out')
    }
  }

  /** The tokens that must be worth nothing, as cookies. */
  endedTokens(): Cookies[] {
    const { session, refresh } = cookieNames
    return this.#ended
      .flatMap(({ families, sessions }) => [
        ...families.flatMap((family) =>
          (family?.refreshes ?? []).map((jwt) => ({ [refresh]: jwt })),
        ),
        ...sessions.map((jwt) => ({ [session]: jwt })),
      ])
      .filter((cookies) => Object.values(cookies).every((jwt) => this.#handedOut.has(jwt)))
  }

  #checkRepeats({ request, sent, instance }: Exchange): void {
    const own = sent[cookieNames.refresh]
    // Other requests leave the refresh token alone.
    const isRefresh = /\/(?:session|refresh)$/.test(request.target)
    const traded = isRefresh ? this.#once.settle(`traded ${own}`, instance) : undefined
    // SECURITY.md: ten seconds after the first trade, and once the successor was seen, the service is
    // asked again, because it is the service that detects the reuse of a stolen token. The same holds
    // after two minutes.
    if (traded !== undefined) {
      const [firstAt, secondAt] = traded
      const isSeen = this.#seen(this.#successorOf(own)) <= secondAt
      const isAllowed = secondAt - firstAt > (isSeen ? 10_000 : 120_000) - skewMs
      if (!isAllowed) this.#world.violate('a refresh token is traded twice')
    }
    if (!isSignIn(request)) return
    if (this.#once.settle(`redeemed ${request.fields['t']}`, instance)) {
      this.#world.violate('a link is redeemed twice')
    }
    if (this.#once.settle('accepted', instance)) {
      this.#world.violate('onSignIn runs twice for one sign-in')
    }
  }

  #checkUsers({ userId, sent }: Exchange, response: WebResponse): void {
    const { session, refresh } = cookieNames
    const users = [sent[refresh], sent[session]].map((jwt) => this.#service.familyOf(jwt)?.userId)
    const received = [this.#service.familyOf(this.#sessionIn(response))?.userId, userIn(response)]
    if (received.some((user) => user !== undefined && ![...users, userId].includes(user))) {
      this.#world.violate("a user receives another user's session")
    }
  }

  #checkRefusal({ request }: Exchange, response: WebResponse): void {
    const isGiven = this.#sessionIn(response) !== undefined
    if (request.target.endsWith('/complete') && isGiven) this.#isCompleted = true
    const isRefusal = request.fields['decision'] === 'refuse'
    if (isRefusal && response.body === '{"state":"refused"}') this.#isRefused = true
    if (this.#isRefused && this.#isCompleted && !this.hasLostWrites) {
      this.#world.violate('a refused attempt completes')
    }
  }

  #checkLogouts({ sent, request, arrivedAt }: Exchange, response: WebResponse): void {
    const isAccepted = this.#sessionIn(response) !== undefined || userIn(response) !== undefined
    if (isLogout(request) || this.hasLostWrites || !isAccepted) return
    const { session, refresh } = cookieNames
    const family = this.#service.familyOf(sent[refresh])
    const isKnown = this.#handedOut.has(sent[refresh]) && !this.#service.familyOf(sent[session])
    for (const { since, families, sessions } of this.#ended) {
      if (arrivedAt < since) continue
      const isKnownToAll = arrivedAt > since + logMs
      const bySession = isKnownToAll && sent[session] && sessions.includes(sent[session])
      const byRefresh = isKnown && family !== undefined && families.includes(family)
      if (bySession || byRefresh) this.#world.violate('a session survives a completed logout')
    }
  }

  #end({ sent, arrivedAt, request }: Exchange): void {
    const { session, refresh } = cookieNames
    const since = this.#world.now + 1
    const own = this.#service.familyOf(sent[refresh])
    const all = this.#service.families.filter(
      ({ userId, startedAt }) => userId === own?.userId && startedAt < arrivedAt,
    )
    this.#ended.push(
      isEverywhere(request)
        ? { since, families: all, sessions: all.flatMap(({ sessions }) => sessions) }
        : { since, families: [own], sessions: [sent[session]] },
    )
  }

  #sessionIn({ cookies }: WebResponse): string | undefined {
    return cookies.find(({ name, maxAge }) => name === cookieNames.session && maxAge > 0)?.value
  }

  #successorOf(refreshJwt: string | undefined = ''): string | undefined {
    const refreshes = this.#service.familyOf(refreshJwt)?.refreshes ?? []
    return refreshes[refreshes.indexOf(refreshJwt) + 1]
  }

  #seen(refreshJwt: string | undefined): number {
    return this.#seenAt.get(refreshJwt) ?? Infinity
  }

  #isLeft(family: Family): boolean {
    return this.#left.has(family) || family.startedAt <= (this.#leftUntil.get(family.userId) ?? 0)
  }
}

function isLogout({ target }: SimRequest): boolean {
  return target.includes('/logout')
}

function isEverywhere({ target }: SimRequest): boolean {
  return target.endsWith('/logout-all')
}

function isSignIn({ target, fields }: SimRequest): boolean {
  return target.endsWith('/complete') || (target.endsWith('/auth/verify') && 't' in fields)
}

function userIn({ status, body }: WebResponse): string | undefined {
  return status === 200 ? /"userId":"([^"]+)"/.exec(body)?.[1] : undefined
}
