/**
 * What is good: people who are signed in, links that were mailed, sign-ins that wait. All of it was
 * come by as people come by it, through an app; the generator builds requests of it, and the judge
 * knows by it which answers were earned.
 */
import { Browser } from '../../packages/express/test/support/browser.ts'
import type { FuzzedApp, Service } from './app.ts'

/** Somebody with a good session. */
export interface Person {
  readonly userId: string
  readonly address: string
  readonly sessionJwt: string
  readonly refreshJwt: string
}

/** A magic link nobody has opened, and the cookie of the browser that asked for it. */
export interface MailedLink {
  readonly userId: string
  readonly token: string
  readonly state: string
  readonly startCookie: string
}

/** An enchanted sign-in that one browser waits for. */
export interface Waiting {
  readonly userId: string
  readonly cookie: string
  readonly state: string
  /** The tokens of the mail; one of them approves. */
  readonly right: string
  readonly wrong: readonly string[]
  /** Whether a request was made that may have approved it. */
  approved: boolean
}

/** All that is good, and what was. */
export interface Vault {
  readonly people: Person[]
  /** Whose session token has ended, and whose refresh token has not. */
  readonly lapsed: Person[]
  readonly links: MailedLink[]
  readonly waiting: Waiting[]
  /** Whose session a token is, and whose session it may be traded for. */
  readonly sessions: Map<string, string>
  readonly expired: Map<string, string>
  readonly refreshes: Map<string, string>
  /** Tokens of links that were used, and refresh tokens that were logged out: good for nothing. */
  readonly spent: string[]
  /** Of the latter, with the number of the input that ended it. */
  readonly ended: Map<string, number>
  /** Refresh tokens that a request under way may end: nobody can say who comes first. */
  readonly leaving: Set<string>
  /** Whatever must never be told to anybody who did not bring it. */
  readonly secrets: Set<string>
  /** Forgets what does not outlive an hour: links, and what is waited for. */
  forgetLinks(): void
  /** Brings everything up to its level again. */
  refill(): Promise<void>
  /** Says that a request may log somebody out; while there are enough others, none is theirs again. */
  letLeave(person: Person): void
  /** Knows from now on that they were. */
  logOut(refreshJwt: string, input: number): void
}

/** So many stay to be signed in whatever leaves. */
const fewest = 4
const levels = { people: 12, links: 12, waiting: 4 }
/** So many that are good for nothing are kept to be tried again. */
const relics = 64
/** So many who left are still known, for requests under way; more would be the growth that is measured. */
const knownLeavers = 512

/** An empty one over an app; `refill` fills it. */
export function createVault(
  app: FuzzedApp,
  service: Service,
  secrets: Set<string>,
  now: () => number,
): Vault {
  let made = 0
  const people: Person[] = []
  const lapsed: Person[] = []
  const links: MailedLink[] = []
  const waiting: Waiting[] = []
  const sessions = new Map<string, string>()
  const refreshes = new Map<string, string>()
  const expired = new Map<string, string>()
  const spent: string[] = []
  const ended = new Map<string, number>()
  const leaving = new Set<string>()
  const gone: Person[] = []
  const browser = (): Browser => new Browser(app.origin, now)

  async function mailTo(address: string): Promise<Mail> {
    const answer = await fetch(
      `${service.url}/_emulator/messages?to=${encodeURIComponent(address)}`,
    )
    const mails: readonly Mail[] = JSON.parse(await answer.text())
    // Not a step-up's or an update's: a request may have had one mailed meanwhile.
    const newest = mails.find(({ purpose }) => purpose === 'sign-up-or-in')
    if (newest === undefined) throw new Error('no mail came')
    for (const { token } of newest.links) secrets.add(token)
    return newest
  }

  async function askForLink(address: string, asking: Browser): Promise<Omit<MailedLink, 'userId'>> {
    await asking.visit('/auth/magic-link', { form: { loginId: address } })
    const { token, url } = firstOf((await mailTo(address)).links)
    const startCookie = asking.cookie('linkpass-attempt') ?? ''
    return { token, state: stateOf(url), startCookie }
  }

  async function addPerson(): Promise<void> {
    const address = `person-${(made += 1)}@vault.test`
    const own = browser()
    const { token, state } = await askForLink(address, own)
    await own.visit(`/auth/verify/${state}?t=${token}`)
    const sessionJwt = own.cookie('DS') ?? ''
    const refreshJwt = own.cookie('DSR') ?? ''
    const userId = subjectOf(sessionJwt)
    if (userId === undefined) throw new Error('a good link signed nobody in')
    people.push({ userId, address, sessionJwt, refreshJwt })
    sessions.set(sessionJwt, userId)
    refreshes.set(refreshJwt, userId)
    secrets.add(sessionJwt).add(refreshJwt)
  }

  async function addWaiting({ address, userId }: Person): Promise<void> {
    const own = browser()
    await own.visit('/auth/enchanted-link', { form: { loginId: address } })
    const mail = await mailTo(address)
    const right = mail.links.find(({ number }) => number === mail.linkId)
    const wrong = mail.links.filter((link) => link !== right).map(({ token }) => token)
    const { token = '', url = '' } = right ?? {}
    const cookie = own.cookie('linkpass-pending') ?? ''
    waiting.push({ userId, cookie, state: stateOf(url), right: token, wrong, approved: false })
    // The oldest go unfinished; there is no telling whether they were approved meanwhile.
    if (waiting.length > levels.waiting * 2) waiting.shift()
  }

  function lapse(person: Person): void {
    sessions.delete(person.sessionJwt)
    expired.set(person.sessionJwt, person.userId)
    lapsed.push(person)
    for (const former of lapsed.splice(0, lapsed.length - levels.people)) {
      expired.delete(former.sessionJwt)
      leave(former)
    }
  }

  /** Nobody presents the tokens of this person again. */
  function leave(person: Person): void {
    gone.push(person)
    for (const { sessionJwt, refreshJwt } of gone.splice(0, gone.length - knownLeavers)) {
      sessions.delete(sessionJwt)
      refreshes.delete(refreshJwt)
      secrets.delete(sessionJwt)
      secrets.delete(refreshJwt)
    }
  }

  return {
    ...{ people, lapsed, links, waiting, sessions, expired, refreshes, spent, ended },
    ...{ leaving, secrets },
    refill: async () => {
      // A session lives for ten minutes: whoever has had it for eight is relieved.
      for (const person of [...people]) {
        if (endOf(person.sessionJwt) - now() > 120_000) continue
        await addPerson()
        if (people.includes(person)) people.splice(people.indexOf(person), 1)
        lapse(person)
      }
      while (people.length < levels.people) await addPerson()
      for (let index = 0; links.length < levels.links; index += 1) {
        const { address, userId } = at(people, index)
        links.push({ userId, ...(await askForLink(address, browser())) })
      }
      while (waiting.filter(({ approved }) => !approved).length < levels.waiting) {
        await addWaiting(at(people, made + waiting.length))
      }
      spent.splice(0, Math.max(0, spent.length - relics))
      for (const token of [...ended.keys()].slice(0, -relics)) ended.delete(token)
      for (const token of [...leaving].slice(0, -relics)) leaving.delete(token)
    },
    forgetLinks: () => {
      links.length = 0
      waiting.length = 0
    },
    letLeave: (person) => {
      leaving.add(person.refreshJwt)
      if (people.length <= fewest || !people.includes(person)) return
      people.splice(people.indexOf(person), 1)
      leave(person)
    },
    logOut: (refreshJwt, input) => {
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
  if (first === undefined) throw new RangeError('There must be one.')
  return first
}

function stateOf(url: string): string {
  return new URL(url).pathname.split('/').at(-1) ?? ''
}

/** Whose a token says it is; its signature is not looked at. */
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
