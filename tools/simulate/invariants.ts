import type { WebResponse } from '@linkpass/web'
import { cookieNames, type Instance, type SimRequest } from './instance.ts'
import type { Service, Token } from './service.ts'
import type { World } from './world.ts'

/** How long an instance tries to store an outcome, in milliseconds. */
const storeRetriesMs = 7000
/** How old the log of revocations may be that an instance goes by, in milliseconds. */
const logMs = 1000
/** The most that two clocks differ, in milliseconds, and the second that tokens count in. */
const skewMs = 4000

const refreshes = ['/auth/session', '/auth/refresh']
const signIns = ['/auth/verify', '/auth/enchanted-link/complete']
const logouts = ['/auth/logout', '/auth/logout-all']

/** A request on its way through the app, and the tokens that it was sent with. */
export interface Exchange {
  readonly request: SimRequest
  readonly session: Token | undefined
  readonly refresh: Token | undefined
  /** The user that it signs in. Any other session is that of the tokens. */
  readonly userId: string | undefined
  readonly instance: Instance
  readonly arrivedAt: number
}

/**
 * Watches every request, and knows what must never happen.
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
  /** Until when every session of a user that starts is left, by a logout everywhere. */
  readonly #leftUntil = new Map<string | undefined, number>()
  #isRefused = false
  #isCompleted = false

  constructor(world: World, service: Service) {
    this.#world = world
    this.#service = service
  }

  onArrival({ request: { target }, refresh }: Exchange): void {
    if (refresh === undefined) return
    const { family } = refresh
    refresh.seenAt = Math.min(refresh.seenAt, this.#world.now)
    // A sign-in ends the session that it replaces.
    if (signIns.includes(target)) family.left ??= 'sign-in'
    if (logouts.includes(target)) family.left = 'logout'
    if (target.endsWith('/logout-all')) this.#leftUntil.set(family.userId, Infinity)
  }

  onResponse(exchange: Exchange, response: WebResponse): void {
    const { target, fields } = exchange.request
    const { refresh, session, instance, arrivedAt } = exchange
    const { now, isUnharmed } = this.#world
    const family = refresh?.family
    const isSignIn = signIns.includes(target)
    const isLogout = logouts.includes(target)
    const given = this.#sessionIn(response)
    const user = response.status === 200 ? /"userId":"([^"]+)"/.exec(response.body)?.[1] : undefined
    const isGiven = given !== undefined || user !== undefined

    if (target.endsWith('/logout-all')) {
      // By design, it also ends sessions that begin in the same second, and the service's second is known
      // to the second; to five and the difference of the clocks, if it never responded to this instance.
      this.#leftUntil.set(family?.userId, now + (instance.hasHeard ? 2000 : 8500))
    }
    if (isLogout && response.status === 204) this.#end(exchange)
    for (const { value } of response.cookies) {
      const token = this.#service.tokenOf(value)
      if (token) token.isHandedOut = now >= instance.faultAt + storeRetriesMs
    }
    if (target.endsWith('/complete') && given) this.#isCompleted = true
    const isRefusal = fields['decision'] === 'refuse'
    if (isRefusal && response.body === '{"state":"refused"}') this.#isRefused = true

    const violations = {
      'a response with status 500': response.status === 500,
      "a user receives another user's session": [given?.family.userId, user].some(
        (id) => id && ![family?.userId, session?.family.userId, exchange.userId].includes(id),
      ),
      'a link is redeemed twice':
        isSignIn && this.#settled(`redeemed ${fields['t']}`, instance).length > 1,
      'onSignIn runs twice for one sign-in':
        isSignIn && this.#settled('accepted', instance).length > 1,
      // Other requests leave the refresh token alone.
      'a refresh token is traded twice':
        refresh && refreshes.includes(target) && this.#isTradedTwice(refresh, instance),
      'a user with a live refresh token gets a 401':
        response.status === 401 && refresh && !refresh.next && this.#isLive(refresh),
      'a copy of an old token gets a session':
        isUnharmed && refresh && given?.family === family && this.#isReplaced(refresh, arrivedAt),
      'a refused attempt completes': this.#isRefused && this.#isCompleted && !this.hasLostWrites,
      'a session survives a completed logout':
        isGiven && !isSignIn && !isLogout && !this.hasLostWrites && isEnded(exchange),
    }
    for (const [invariant, isViolated] of Object.entries(violations)) {
      if (isViolated) this.#world.violate(invariant)
    }
  }

  /** @param kept the browser's refresh token before the response */
  onDelivery({ request, refresh }: Exchange, response: WebResponse, kept: Token | undefined): void {
    const isCleared = response.cookies.some(
      ({ name, maxAge, domain }) => name === cookieNames.refresh && maxAge === 0 && !domain,
    )
    const isMeant = this.#sessionIn(response) || logouts.includes(request.target)
    if (!isCleared || isMeant || this.hasLostWrites || kept === undefined) return
    const isLate = refresh && refresh.family !== kept.family && refresh.family.left !== 'sign-in'
    if (!isLate && this.#isLive(kept)) {
      this.#world.violate('a user with a live refresh token is signed out')
    }
  }

  /** The tokens that must be worth nothing. */
  endedTokens(): Token[] {
    const tokens = this.#service.families.flatMap((family) => family.tokens)
    return tokens.filter(({ kind, family, endedAt, isHandedOut }) => {
      return isHandedOut && (kind === 'session' ? endedAt : family.endedAt) < Infinity
    })
  }

  /** A logout is confirmed. */
  #end({ session, refresh, request, arrivedAt }: Exchange): void {
    const own = refresh?.family
    const isEverywhere = request.target.endsWith('/logout-all')
    const all = this.#service.families.filter((family) => {
      return isEverywhere && family.userId === own?.userId && family.startedAt < arrivedAt
    })
    const here = [own, session].filter((one) => one !== undefined)
    const ended = isEverywhere ? [...all, ...all.flatMap(({ tokens }) => tokens)] : here
    for (const one of ended) one.endedAt = Math.min(one.endedAt, this.#world.now + 1)
  }

  #sessionIn({ cookies }: WebResponse): Token | undefined {
    const { session } = cookieNames
    const cookie = cookies.find(({ name, maxAge }) => name === session && maxAge > 0)
    return this.#service.tokenOf(cookie?.value)
  }

  /** The instance has responded to a request for something. Returns when that was done. */
  #settled(what: string, instance: Instance): number[] {
    instance.settle(what)
    const deeds = this.#world.processes.flatMap((process) => process.deeds)
    const settled = deeds.filter((deed) => deed.what === what && deed.state === 'settled')
    return settled.map(({ at }) => at).sort((one, other) => one - other)
  }

  /**
   * SECURITY.md: ten seconds after the first trade, and once the successor was seen, the service is asked
   * again, because it is the service that detects the reuse of a stolen token. The same holds after two
   * minutes.
   */
  #isTradedTwice({ jwt, next }: Token, instance: Instance): boolean {
    const [first, second] = this.#settled(`traded ${jwt}`, instance)
    if (first === undefined || second === undefined) return false
    const isSeen = next !== undefined && next.seenAt <= second
    return second - first <= (isSeen ? 10_000 : 120_000) - skewMs
  }

  /** Whether a refresh token is old, and the new one is in use. */
  #isReplaced(token: Token, now: number): boolean {
    const isOld = now > token.rotatedAt + 10_000 + skewMs && !this.#service.accepts(token)
    return isOld && token.next !== undefined && token.next.seenAt < now - 1000
  }

  /** Whether the service accepts the refresh token of a user who has not left. */
  #isLive(token: Token): boolean {
    const { left, userId, startedAt } = token.family
    const isLeft = left !== undefined || startedAt <= (this.#leftUntil.get(userId) ?? 0)
    return !isLeft && this.#service.accepts(token)
  }
}

/** Whether a request was sent with a token that a confirmed logout ended before. */
function isEnded({ session, refresh, arrivedAt }: Exchange): boolean {
  const bySession = session !== undefined && arrivedAt > session.endedAt + logMs
  const byRefresh = !session && refresh?.isHandedOut && arrivedAt >= refresh.family.endedAt
  return bySession || byRefresh === true
}
