import { makeKey, refreshToken, sessionToken } from '@linkpass/testing'
import type { Process, World } from './world.ts'

/** A session: a family of refresh tokens, of which only the newest is current. */
export interface Family {
  readonly userId: string
  readonly startedAt: number
  readonly sessions: string[]
  /** Each was rotated to the next. */
  readonly refreshes: string[]
  /** When each but the last was rotated. */
  readonly rotatedAt: number[]
  isEnded: boolean
}

/** A mail with a link, and what became of it. */
export interface Mail {
  readonly userId: string
  readonly token: string
  /** Where the link leads. */
  readonly url: string
  readonly pendingRef: string
  state: 'sent' | 'used' | 'taken'
}

/** A response of the service. */
export interface ServiceResponse {
  readonly status: number
  readonly body: object
}

const key = makeKey('K1', 'ES256')
export const publicKey: object = key.jwk
const sessionSeconds = 60

/** A service that rotates refresh tokens. */
export class Service {
  readonly mails: Mail[] = []
  readonly families: Family[] = []
  /** Called when a refresh token is traded, or a link is redeemed. */
  onDeed: (what: 'traded' | 'redeemed', token: string, process: Process) => void = () => {}
  readonly #world: World
  /** How long it accepts a rotated token, in milliseconds. */
  readonly #graceMs: number
  readonly #aheadMs: number
  /** Whether the use of an old token after its grace ends the session, and is not only refused. */
  readonly #endsOnReuse: boolean
  #tokens = 0

  constructor(world: World, graceMs: number) {
    this.#world = world
    this.#graceMs = graceMs
    this.#aheadMs = [0, 700, -700][world.choices.below(3)] ?? 0
    this.#endsOnReuse = world.choices.below(4) > 0
  }

  get now(): number {
    return this.#world.now + this.#aheadMs
  }

  /** The session of a token of either kind. */
  familyOf(jwt: string | undefined = ''): Family | undefined {
    return this.families.find(
      ({ refreshes, sessions }) => refreshes.includes(jwt) || sessions.includes(jwt),
    )
  }

  /** Whether the service would trade this refresh token now. */
  accepts(refreshJwt: string | undefined = ''): boolean {
    const family = this.familyOf(refreshJwt)
    if (family === undefined || family.isEnded) return false
    const rotatedAt = family.rotatedAt[family.refreshes.indexOf(refreshJwt)]
    return rotatedAt === undefined || this.#world.now < rotatedAt + this.#graceMs
  }

  /** Starts a session. @param agoSeconds how long ago */
  signIn(
    userId: string,
    agoSeconds = 0,
  ): ServiceResponse['body'] & Record<'sessionJwt' | 'refreshJwt', string> {
    const startedAt = this.#world.now - agoSeconds * 1000
    const lists = { sessions: [], refreshes: [], rotatedAt: [] }
    const family: Family = { userId, startedAt, ...lists, isEnded: false }
    this.families.push(family)
    return this.#issue(family, true, agoSeconds)
  }

  handle(
    path: string,
    token: string,
    body: Readonly<Record<string, string>>,
    process: Process,
  ): ServiceResponse {
    const [, name = ''] = path.split('/v1/auth/')
    const mail = this.mails.find((one) =>
      [one.token, one.pendingRef].includes(body['token'] ?? body['pendingRef'] ?? ''),
    )
    if (name === 'refresh') return this.#refresh(token, process)
    if (name.startsWith('logout')) return this.#logOut(token, name === 'logoutall')
    if (name.endsWith('signup-in/email')) return this.#sendLink(body)
    if (mail === undefined) return rejected('E062504')
    if (name === 'magiclink/verify') {
      this.onDeed('redeemed', mail.token, process)
      return this.#use(mail) ?? ok(this.signIn(mail.userId))
    }
    if (name === 'enchantedlink/verify') return this.#use(mail) ?? ok({})
    if (mail.state !== 'used') return rejected(mail.state === 'sent' ? 'E062503' : 'E062504')
    // Once, as the service may do.
    mail.state = 'taken'
    return ok(this.signIn(mail.userId))
  }

  #use(mail: Mail): ServiceResponse | undefined {
    if (mail.state !== 'sent') return rejected('E062504')
    mail.state = 'used'
    return undefined
  }

  #sendLink({
    loginId = '',
    redirectUrl: url = '',
  }: Readonly<Record<string, string>>): ServiceResponse {
    const count = this.mails.length + 1
    const token = `one-time-token-${count}-of-the-simulated-service`
    const pendingRef = `reference-${count}`
    this.mails.push({ userId: `U-${loginId.split('@')[0]}`, token, url, pendingRef, state: 'sent' })
    return ok({ maskedEmail: 'a***@b.c', linkId: '42', pendingRef })
  }

  #refresh(refreshJwt: string, process: Process): ServiceResponse {
    const wasLive = this.familyOf(refreshJwt)?.isEnded === false
    const family = this.#present(refreshJwt)
    const isUsed = family !== undefined || this.familyOf(refreshJwt)?.isEnded === true
    if (wasLive && isUsed) this.onDeed('traded', refreshJwt, process)
    if (family === undefined) return rejected('E064001')
    const rotates = family.refreshes.at(-1) === refreshJwt
    if (rotates) family.rotatedAt.push(this.#world.now)
    return ok(this.#issue(family, rotates))
  }

  #logOut(refreshJwt: string, isEverywhere: boolean): ServiceResponse {
    const family = this.#present(refreshJwt)
    if (family === undefined) return rejected('E064001')
    for (const known of this.families) {
      if (known === family || (isEverywhere && known.userId === family.userId)) known.isEnded = true
    }
    return ok({})
  }

  /** The session of a refresh token that is accepted. One that is used after its grace ends it. */
  #present(refreshJwt: string): Family | undefined {
    const family = this.familyOf(refreshJwt)
    if (family === undefined || this.accepts(refreshJwt)) return family
    if (this.#endsOnReuse && !family.isEnded) {
      family.isEnded = true
      this.#world.note(
        `the service ends a session of ${family.userId}: an old token was used again`,
      )
    }
    return undefined
  }

  #issue(family: Family, rotates: boolean, agoSeconds = 0): ReturnType<Service['signIn']> {
    const { userId, sessions, refreshes } = family
    const iat = Math.floor(this.now / 1000) - agoSeconds
    const claims = (exp: number) => ({ sub: userId, iat, exp, jti: `T${(this.#tokens += 1)}` })
    if (rotates) refreshes.push(refreshToken(key, { claims: claims(iat + 28 * 86_400) }))
    const sessionJwt = sessionToken(key, { claims: claims(iat + sessionSeconds) })
    sessions.push(sessionJwt)
    return { sessionJwt, refreshJwt: refreshes.at(-1) ?? '', ...{ user: { userId, loginIds: [] } } }
  }
}

function ok(body: object): ServiceResponse {
  return { status: 200, body }
}

function rejected(errorCode: string): ServiceResponse {
  return { status: 401, body: { errorCode, errorDescription: '', errorMessage: '' } }
}
