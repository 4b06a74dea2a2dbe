import { makeKey, refreshToken, sessionToken } from '@linkpass/testing'
import type { Process } from './process.ts'
import type { World } from './world.ts'

/** A session of a user. Only the newest of its refresh tokens is current. */
export interface Family {
  readonly userId: string
  readonly startedAt: number
  readonly tokens: Token[]
  isEnded: boolean
  /** How its user left it, or tried to: what becomes of it then signs no user out. */
  left: 'logout' | 'sign-in' | undefined
  /** Since when a confirmed logout ends its refresh tokens. */
  endedAt: number
}

/** A token that was issued, and what became of it. Times that have not come are infinite. */
export interface Token {
  readonly kind: 'session' | 'refresh'
  readonly jwt: string
  readonly family: Family
  /** The refresh token that it was rotated to. */
  next: Token | undefined
  rotatedAt: number
  /** When it was first sent to the app. */
  seenAt: number
  /** Whether a browser may have it. */
  isHandedOut: boolean
  /** Since when a confirmed logout ends it, as a session token. */
  endedAt: number
}

/** A mail with a link, and what became of it. */
interface Mail {
  readonly userId: string
  readonly token: string
  /** Where the link leads. */
  readonly url: string
  readonly pendingRef: string
  state: 'sent' | 'used' | 'taken'
}

/** A response of the service. */
export type ServiceResponse = readonly [status: number, body: object]

const key = makeKey('K1', 'ES256')
export const publicKey: object = key.jwk
const lifetimes = { session: 60, refresh: 28 * 86_400 }

/** A service that rotates refresh tokens. */
export class Service {
  readonly mails: Mail[] = []
  readonly families: Family[] = []
  readonly #world: World
  readonly #tokens = new Map<string | undefined, Token>()
  /** How long it accepts a rotated token, in milliseconds. */
  readonly #graceMs: number
  readonly #aheadMs: number
  /** Whether the use of an old token after its grace ends the session, and is not only refused. */
  readonly #endsOnReuse: boolean

  constructor(world: World, graceSeconds: number) {
    this.#world = world
    this.#graceMs = graceSeconds * 1000
    this.#aheadMs = world.oneOf([0, 700, -700])
    this.#endsOnReuse = world.choices.below(4) > 0
  }

  get now(): number {
    return this.#world.now + this.#aheadMs
  }

  tokenOf(jwt: string | undefined): Token | undefined {
    return this.#tokens.get(jwt)
  }

  /** Whether the service would trade this refresh token now. */
  accepts({ family, rotatedAt }: Token): boolean {
    return !family.isEnded && this.#world.now < rotatedAt + this.#graceMs
  }

  /** Starts a session. @param agoSeconds how long ago */
  signIn(userId: string, agoSeconds = 0): Family {
    const startedAt = this.#world.now - agoSeconds * 1000
    const ends = { isEnded: false, left: undefined, endedAt: Infinity }
    const family: Family = { userId, startedAt, tokens: [], ...ends }
    this.families.push(family)
    for (const kind of ['refresh', 'session'] as const) this.#issue(family, kind, agoSeconds)
    return family
  }

  handle(
    path: string,
    token: string,
    body: Readonly<Record<string, string>>,
    process: Process,
  ): ServiceResponse {
    const mail = this.mails.find((one) =>
      [one.token, one.pendingRef].includes(body['token'] ?? body['pendingRef'] ?? ''),
    )
    if (path.endsWith('/refresh')) return this.#refresh(token, process)
    if (path.includes('/logout')) return this.#logOut(token, path.endsWith('all'))
    if (path.endsWith('/signup-in/email')) return this.#sendLink(body)
    if (mail === undefined) return rejected('E062504')
    if (path.endsWith('/verify')) {
      const isMagic = path.endsWith('/magiclink/verify')
      if (isMagic) process.did(`redeemed ${mail.token}`, true)
      if (mail.state !== 'sent') return rejected('E062504')
      mail.state = 'used'
      return isMagic ? newest(this.signIn(mail.userId)) : [200, {}]
    }
    if (mail.state !== 'used') return rejected(mail.state === 'sent' ? 'E062503' : 'E062504')
    // Once, as the service may do.
    mail.state = 'taken'
    return newest(this.signIn(mail.userId))
  }

  #sendLink({ loginId = '', redirectUrl = '' }: Readonly<Record<string, string>>): ServiceResponse {
    const count = this.mails.length + 1
    const token = `one-time-token-${count}-of-the-simulated-service`
    const pendingRef = `reference-${count}`
    const userId = `U-${loginId.split('@')[0]}`
    this.mails.push({ userId, token, url: redirectUrl, pendingRef, state: 'sent' })
    return [200, { maskedEmail: 'a***@b.c', linkId: '42', pendingRef }]
  }

  #refresh(jwt: string, process: Process): ServiceResponse {
    const wasLive = this.tokenOf(jwt)?.family.isEnded === false
    const token = this.#present(jwt)
    if (wasLive && (token || this.#endsOnReuse)) process.did(`traded ${jwt}`, false)
    if (token === undefined) return rejected('E064001')
    // A token that was rotated before is not again.
    if (token.next === undefined) {
      token.next = this.#issue(token.family, 'refresh')
      token.rotatedAt = this.#world.now
    }
    this.#issue(token.family, 'session')
    return newest(token.family)
  }

  #logOut(jwt: string, isEverywhere: boolean): ServiceResponse {
    const own = this.#present(jwt)?.family
    if (own === undefined) return rejected('E064001')
    for (const family of this.families) {
      if (family === own || (isEverywhere && family.userId === own.userId)) family.isEnded = true
    }
    return [200, {}]
  }

  /** The refresh token, if it is accepted. One that is used after its grace ends the session. */
  #present(jwt: string): Token | undefined {
    const token = this.tokenOf(jwt)
    if (token === undefined || this.accepts(token)) return token
    const { family } = token
    if (this.#endsOnReuse && !family.isEnded) {
      family.isEnded = true
      this.#world.note(`a session of ${family.userId} ends: an old token was used again`)
    }
    return undefined
  }

  #issue(family: Family, kind: Token['kind'], agoSeconds = 0): Token {
    const iat = Math.floor(this.now / 1000) - agoSeconds
    const jti = `T${this.#tokens.size}`
    const claims = { sub: family.userId, iat, exp: iat + lifetimes[kind], jti }
    const jwt = (kind === 'session' ? sessionToken : refreshToken)(key, { claims })
    const times = { rotatedAt: Infinity, seenAt: Infinity, endedAt: Infinity }
    const token = { kind, jwt, family, next: undefined, isHandedOut: false, ...times }
    this.#tokens.set(jwt, token)
    family.tokens.push(token)
    return token
  }
}

/** The newest tokens of a session. */
function newest({ userId, tokens }: Family): ServiceResponse {
  const [refreshJwt, sessionJwt] = (['refresh', 'session'] as const).map((kind) => {
    return tokens.findLast((token) => token.kind === kind)?.jwt
  })
  return [200, { sessionJwt, refreshJwt, user: { userId, loginIds: [] } }]
}

function rejected(errorCode: string): ServiceResponse {
  return [401, { errorCode, errorDescription: '', errorMessage: '' }]
}
