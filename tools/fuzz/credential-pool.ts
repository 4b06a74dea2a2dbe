/**
 * Valid credentials: users who are signed in, links that were sent, attempts that are pending. All of
 * them come from sign-ins through an app. The generator builds requests from them, and the check of
 * the responses knows by them what was allowed.
 */
import { Browser } from '@linkpass/testing/browser'
import type { FuzzedApp, Service } from './app.ts'

/** A user with a valid session. */
export interface User {
  readonly userId: string
  readonly address: string
  readonly sessionJwt: string
  readonly refreshJwt: string
}

/** A magic link that was not opened, and the cookie of the browser that requested it. */
export interface SentLink {
  readonly userId: string
  readonly token: string
  readonly state: string
  readonly attemptCookie: string
}

/** An enchanted-link attempt that a browser waits for. */
export interface PendingAttempt {
  readonly userId: string
  readonly cookie: string
  readonly state: string
  /** The tokens of the message: the one that approves, and the others. */
  readonly right: string
  readonly wrong: readonly string[]
  /** Whether a request was made that may have approved it. */
  approved: boolean
}

/** Credentials that are valid, and some that were. */
export interface CredentialPool {
  readonly users: User[]
  /** Users whose session token has expired, and whose refresh token has not. */
  readonly expiredUsers: User[]
  readonly links: SentLink[]
  readonly waiting: PendingAttempt[]
  /** User ids by session token, by expired session token, and by refresh token. */
  readonly sessions: Map<string, string>
  readonly expired: Map<string, string>
  readonly refreshes: Map<string, string>
  /** Tokens of links that were redeemed. */
  readonly used: string[]
  /** Refresh tokens that were logged out, with the number of the input that did it. */
  readonly ended: Map<string, number>
  /** Refresh tokens that a pending request may end: other requests may come before or after it. */
  readonly loggingOut: Set<string>
  /** Tokens that must not appear in a response to a request without them. */
  readonly secrets: Set<string>
  /** Removes what expires within an hour: links and pending attempts. */
  dropLinks(): void
  /** Adds credentials until the pool is full again. */
  refill(): Promise<void>
  /** Marks a user whom a request may log out, and removes them while enough other users remain. */
  beginLogout(user: User): void
  /** Records that a refresh token was logged out. */
  recordLogout(refreshJwt: string, input: number): void
}

/** The number of users that always stay signed in. */
const fewestUsers = 4
const levels = { users: 12, links: 12, waiting: 4 }
/** How many used tokens are kept to be tried again. */
const keptUsed = 64
/** How many users are kept after a logout, for pending requests; more would count as growth of the heap. */
const keptLoggedOut = 512

/** Creates an empty pool for an app; `refill` fills it. */
export function createCredentialPool(
  app: FuzzedApp,
  service: Service,
  secrets: Set<string>,
  now: () => number,
): CredentialPool {
  let made = 0
  const users: User[] = []
  const expiredUsers: User[] = []
  const links: SentLink[] = []
  const waiting: PendingAttempt[] = []
  const sessions = new Map<string, string>()
  const refreshes = new Map<string, string>()
  const expired = new Map<string, string>()
  const used: string[] = []
  const ended = new Map<string, number>()
  const loggingOut = new Set<string>()
  const loggedOut: User[] = []
  const browser = (): Browser => new Browser(app.origin, now)

  async function mailTo(address: string): Promise<Mail> {
    const response = await fetch(
      `${service.url}/_emulator/messages?to=${encodeURIComponent(address)}`,
    )
    const mails: readonly Mail[] = JSON.parse(await response.text())
    // Not of a step-up or an update, which another request may have sent meanwhile.
    const newest = mails.find(({ purpose }) => purpose === 'sign-up-or-in')
    if (newest === undefined) throw new Error('no message was sent')
    for (const { token } of newest.links) secrets.add(token)
    return newest
  }

  async function requestLink(
    address: string,
    requesting: Browser,
  ): Promise<Omit<SentLink, 'userId'>> {
    await requesting.visit('/auth/magic-link', { form: { loginId: address } })
    const { token, url } = firstOf((await mailTo(address)).links)
    const attemptCookie = requesting.cookie('linkpass-attempt') ?? ''
    return { token, state: stateOf(url), attemptCookie }
  }

  async function addUser(): Promise<void> {
    const address = `user-${(made += 1)}@pool.test`
    const own = browser()
    const { token, state } = await requestLink(address, own)
    await own.visit(`/auth/verify/${state}?t=${token}`)
    const sessionJwt = own.cookie('DS') ?? ''
    const refreshJwt = own.cookie('DSR') ?? ''
    const userId = subjectOf(sessionJwt)
    if (userId === undefined) throw new Error('a valid link signed no user in')
    users.push({ userId, address, sessionJwt, refreshJwt })
    sessions.set(sessionJwt, userId)
    refreshes.set(refreshJwt, userId)
    secrets.add(sessionJwt).add(refreshJwt)
  }

  async function addPendingAttempt({ address, userId }: User): Promise<void> {
    const own = browser()
    await own.visit('/auth/enchanted-link', { form: { loginId: address } })
    const mail = await mailTo(address)
    const right = mail.links.find(({ number }) => number === mail.linkId)
    const wrong = mail.links.filter((link) => link !== right).map(({ token }) => token)
    const { token = '', url = '' } = right ?? {}
    const cookie = own.cookie('linkpass-pending') ?? ''
    waiting.push({ userId, cookie, state: stateOf(url), right: token, wrong, approved: false })
    // The oldest are dropped: whether they were approved meanwhile is unknown.
    if (waiting.length > levels.waiting * 2) waiting.shift()
  }

  function expire(user: User): void {
    sessions.delete(user.sessionJwt)
    expired.set(user.sessionJwt, user.userId)
    expiredUsers.push(user)
    for (const former of expiredUsers.splice(0, expiredUsers.length - levels.users)) {
      expired.delete(former.sessionJwt)
      remove(former)
    }
  }

  /** No request presents the tokens of this user again. */
  function remove(user: User): void {
    loggedOut.push(user)
    for (const { sessionJwt, refreshJwt } of loggedOut.splice(
      0,
      loggedOut.length - keptLoggedOut,
    )) {
      sessions.delete(sessionJwt)
      refreshes.delete(refreshJwt)
      secrets.delete(sessionJwt)
      secrets.delete(refreshJwt)
    }
  }

  return {
    users,
    expiredUsers,
    links,
    waiting,
    sessions,
    expired,
    refreshes,
    used,
    ended,
    loggingOut,
    secrets,
    refill: async () => {
      // A session lives for ten minutes: users who have had it for eight are replaced.
      for (const user of [...users]) {
        if (endOf(user.sessionJwt) - now() > 120_000) continue
        await addUser()
        if (users.includes(user)) users.splice(users.indexOf(user), 1)
        expire(user)
      }
      while (users.length < levels.users) await addUser()
      for (let index = 0; links.length < levels.links; index += 1) {
        const { address, userId } = at(users, index)
        links.push({ userId, ...(await requestLink(address, browser())) })
      }
      while (waiting.filter(({ approved }) => !approved).length < levels.waiting) {
        await addPendingAttempt(at(users, made + waiting.length))
      }
      used.splice(0, Math.max(0, used.length - keptUsed))
      for (const token of [...ended.keys()].slice(0, -keptUsed)) ended.delete(token)
      for (const token of [...loggingOut].slice(0, -keptUsed)) loggingOut.delete(token)
    },
    dropLinks: () => {
      links.length = 0
      waiting.length = 0
    },
    beginLogout: (user) => {
      loggingOut.add(user.refreshJwt)
      if (users.length <= fewestUsers || !users.includes(user)) return
      users.splice(users.indexOf(user), 1)
      remove(user)
    },
    recordLogout: (refreshJwt, input) => {
      refreshes.delete(refreshJwt)
      ended.set(refreshJwt, input)
    },
  }
}

interface Mail {
  readonly purpose: string
  readonly linkId?: string
  readonly links: readonly {
    readonly number?: string
    readonly url: string
    readonly token: string
  }[]
}

function at<Item>(list: readonly Item[], index: number): Item {
  return firstOf(list.slice(index % list.length))
}

function firstOf<Item>(list: readonly Item[]): Item {
  const [first] = list
  if (first === undefined) throw new RangeError('The list is empty.')
  return first
}

function stateOf(url: string): string {
  return new URL(url).pathname.split('/').at(-1) ?? ''
}

/** The subject of a token; its signature is not checked. */
export function subjectOf(jwt: string): string | undefined {
  const subject: unknown = claimsOf(jwt)?.['sub']
  return typeof subject === 'string' ? subject : undefined
}

function endOf(jwt: string): number {
  const end = claimsOf(jwt)?.['exp']
  return typeof end === 'number' ? end * 1000 : 0
}

function claimsOf(jwt: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  } catch {
    return undefined
  }
}
