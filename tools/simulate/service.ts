import { encode, makeKey, projectId, signInput } from '@linkpass/testing'
import type { Actor, World } from './world.ts'

/** A session: a family of refresh tokens, of which only the newest is current. */
export interface Family {
  readonly name: string
  readonly userId: string
  readonly startedAt: number
  readonly sessions: string[]
  /** Each was rotated to the next. */
  readonly refreshes: string[]
  /** When each but the last was rotated. */
  readonly rotatedAt: number[]
  isEnded: boolean
}

/** A link in a mail. */
export interface Mail {
  readonly to: string
  readonly token: string
  /** Where the link leads. */
  readonly url: string
}

/** How the service behaves. */
export interface ServiceOptions {
  /** How long it accepts a rotated token. */
  readonly graceMs: number
  readonly aheadMs: number
  readonly endsOnReuse: boolean
}

/** A response of the service. */
export interface ServiceResponse {
  readonly status: number
  readonly body: object
}

const key = makeKey('K1')
export const publicKey: object = key.jwk
const signed = new Map<string, string>()

/** How long a session token lives, in seconds. */
export const sessionSeconds = 60
const refreshSeconds = 28 * 86_400

/** A service that rotates refresh tokens, and ends a session whose old token is used after its grace. */
export class Service {
  readonly mails: Mail[] = []
  readonly families: Family[] = []
  /** Called when a refresh token is traded. */
  onTrade: (refreshJwt: string, actor: Actor) => void = () => {}
  /** Called when a link is redeemed. */
  onRedeem: (token: string, actor: Actor) => void = () => {}
  readonly #world: World
  readonly #graceMs: number
  /** How far its clock is ahead, in milliseconds. */
  readonly #aheadMs: number
  readonly #pending = new Map<string, { userId: string; token: string; isApproved: boolean }>()
  readonly #used = new Set<string>()
  #tokens = 0

  /** Whether the use of an old token after its grace ends the session, and is not only refused. */
  readonly #endsOnReuse: boolean

  constructor(world: World, { graceMs, aheadMs, endsOnReuse }: ServiceOptions) {
    this.#world = world
    this.#graceMs = graceMs
    this.#aheadMs = aheadMs
    this.#endsOnReuse = endsOnReuse
  }

  get now(): number {
    return this.#world.now + this.#aheadMs
  }

  /** The session of a token of either kind. */
  familyOf(jwt: string): Family | undefined {
    return this.families.find(
      ({ refreshes, sessions }) => refreshes.includes(jwt) || sessions.includes(jwt),
    )
  }

  /** Whether the service would trade this refresh token now. */
  accepts(refreshJwt: string): boolean {
    const family = this.familyOf(refreshJwt)
    if (family === undefined || family.isEnded) return false
    const rotatedAt = family.rotatedAt[family.refreshes.indexOf(refreshJwt)]
    return rotatedAt === undefined || this.#world.now < rotatedAt + this.#graceMs
  }

  /** Starts a session. @param agoSeconds how long ago */
  signIn(userId: string, agoSeconds = 0): { sessionJwt: string; refreshJwt: string } {
    const family: Family = {
      ...{ name: `session ${this.families.length + 1} of ${userId}`, userId, isEnded: false },
      ...{ sessions: [], refreshes: [], rotatedAt: [] },
      startedAt: this.#world.now - agoSeconds * 1000,
    }
    this.families.push(family)
    return {
      refreshJwt: this.#issue(family, 'DSR', agoSeconds),
      sessionJwt: this.#issue(family, 'DS', agoSeconds),
    }
  }

  handle(
    path: string,
    token: string,
    body: Readonly<Record<string, string>>,
    actor: Actor,
  ): ServiceResponse {
    switch (path) {
      case '/v1/auth/refresh':
        return this.#refresh(token, actor)
      case '/v1/auth/logout':
      case '/v1/auth/logoutall':
        return this.#logOut(token, path.endsWith('all'))
      case '/v1/auth/magiclink/signup-in/email':
      case '/v1/auth/enchantedlink/signup-in/email':
        return this.#sendLink(body['loginId'] ?? '', body['redirectUrl'] ?? '')
      case '/v1/auth/magiclink/verify':
        return this.#redeem(body['token'] ?? '', actor)
      case '/v1/auth/enchantedlink/verify':
        return this.#approve(body['token'] ?? '')
      case '/v1/auth/enchantedlink/pending-session':
        return this.#pendingSession(body['pendingRef'] ?? '')
      default:
        return failure('E000000')
    }
  }

  #refresh(refreshJwt: string, actor: Actor): ServiceResponse {
    const known = this.familyOf(refreshJwt)
    const wasLive = known?.isEnded === false
    const family = this.#present(refreshJwt)
    if (wasLive && (known.isEnded || family !== undefined)) this.onTrade(refreshJwt, actor)
    if (family === undefined) return failure('E064001')
    if (family.refreshes.at(-1) === refreshJwt) {
      family.rotatedAt.push(this.#world.now)
      this.#issue(family, 'DSR')
    }
    return session(family, this.#issue(family, 'DS'))
  }

  #logOut(refreshJwt: string, isEverywhere: boolean): ServiceResponse {
    const family = this.#present(refreshJwt)
    if (family === undefined) return failure('E064001')
    for (const known of this.families) {
      if (known === family || (isEverywhere && known.userId === family.userId)) known.isEnded = true
    }
    return { status: 200, body: {} }
  }

  /** The session of a refresh token that is accepted. One that is used after its grace ends it. */
  #present(refreshJwt: string): Family | undefined {
    const family = this.familyOf(refreshJwt)
    if (family === undefined || family.isEnded) return undefined
    if (this.accepts(refreshJwt)) return family
    if (!this.#endsOnReuse) return undefined
    family.isEnded = true
    this.#world.note(`the service ends ${family.name}: an old token was used again`)
    return undefined
  }

  #sendLink(to: string, url: string): ServiceResponse {
    const token = `one-time-token-${this.mails.length + 1}-of-the-simulated-service`
    this.mails.push({ to, token, url })
    const pendingRef = `reference-${this.mails.length}`
    this.#pending.set(pendingRef, { userId: userOf(to), token, isApproved: false })
    return { status: 200, body: { maskedEmail: 'a***@b.c', linkId: '42', pendingRef } }
  }

  #redeem(token: string, actor: Actor): ServiceResponse {
    const mail = this.mails.find((known) => known.token === token)
    if (mail !== undefined) this.onRedeem(token, actor)
    if (mail === undefined || this.#used.has(token)) return failure('E062504')
    this.#used.add(token)
    return this.#start(userOf(mail.to))
  }

  #approve(token: string): ServiceResponse {
    const pending = [...this.#pending.values()].find((known) => known.token === token)
    if (pending === undefined || this.#used.has(token)) return failure('E062504')
    this.#used.add(token)
    pending.isApproved = true
    return { status: 200, body: {} }
  }

  // Once, as the service may do.
  #pendingSession(pendingRef: string): ServiceResponse {
    const pending = this.#pending.get(pendingRef)
    if (pending === undefined) return failure('E062504')
    if (!pending.isApproved) return failure('E062503')
    this.#pending.delete(pendingRef)
    return this.#start(pending.userId)
  }

  #start(userId: string): ServiceResponse {
    const { sessionJwt } = this.signIn(userId)
    const family = this.familyOf(sessionJwt)
    return family === undefined ? failure('E000000') : session(family, sessionJwt)
  }

  #issue(family: Family, drn: 'DS' | 'DSR', agoSeconds = 0): string {
    const iat = Math.floor(this.now / 1000) - agoSeconds
    const exp = iat + (drn === 'DS' ? sessionSeconds : refreshSeconds)
    const jti = `T${(this.#tokens += 1)}`
    const jwt = sign({ iss: projectId, sub: family.userId, drn, iat, exp, jti })
    family[drn === 'DS' ? 'sessions' : 'refreshes'].push(jwt)
    return jwt
  }
}

/** The user who has an address. */
export function userOf(address: string): string {
  return `U-${address.split('@')[0]}`
}

// The same claims come in every schedule, and the same signature, since RS256 is deterministic.
function sign(claims: object): string {
  const input = `${header}.${encode(claims)}`
  if (signed.size > 20_000) signed.clear()
  const jwt = signed.get(input) ?? `${input}.${signInput(input, key.alg, key.privateKey)}`
  signed.set(input, jwt)
  return jwt
}

const header = encode({ alg: key.alg, kid: key.kid, typ: 'JWT' })

function session(family: Family, sessionJwt: string): ServiceResponse {
  const { userId, refreshes } = family
  const user = { userId, loginIds: [] }
  return { status: 200, body: { sessionJwt, refreshJwt: refreshes.at(-1), user } }
}

function failure(errorCode: string): ServiceResponse {
  return { status: 401, body: { errorCode, errorDescription: '', errorMessage: '' } }
}
