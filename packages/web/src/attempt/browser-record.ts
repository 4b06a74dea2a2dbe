import type { DeliveryMethod, Session } from '@linkpass/core'
import { canonicalLoginId, isDeliveryMethod, randomToken } from '@linkpass/core/internal'
import type { RouteContext } from '../context.ts'
import { type CookieRecord, sealedCookie } from '../response/cookies.ts'
import { isStateShape } from './state.ts'

/** A sign-in attempt that this browser made, so that the same browser can complete it. */
export interface Attempt {
  /** Identifies the attempt: the last segment of the link's path. */
  readonly state: string
  readonly method: DeliveryMethod
  /** The address as it was typed, to show and to send again. */
  readonly loginId: string
  /** Where to go afterwards: a safe path. */
  readonly returnTo: string
  /** What the link is for. @default a sign-in */
  readonly purpose?: 'step-up' | 'update'
  /** The only user whose session may result: the one who requested a step-up or an update. */
  readonly userId?: string
  /** The profile fields of a sign-up, to be sent again if the user requests another link. */
  readonly profile?: Readonly<Record<string, string>>
  /** The code to show, which confirms a step-up in another browser. */
  readonly code?: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** A link that this browser has redeemed, and the user whose session resulted. */
export interface UsedLink {
  /** A fingerprint of the one-time token. */
  readonly link: string
  readonly userId: string
  /** The state of its attempt. Absent from a link without one, and from a record of an older release. */
  readonly state?: string | undefined
}

export interface SteppedUp {
  readonly userId: string
  /** When this browser got the first token with the claim `su`, in seconds since the epoch. */
  readonly at: number
}

/** The content of one browser's sealed attempt cookie. */
export interface BrowserRecord {
  /** A random name of the browser. All its tabs share it, and no other browser has it. */
  readonly browser: string
  /** Oldest first. */
  readonly attempts: readonly Attempt[]
  /** Oldest first. */
  readonly used: readonly UsedLink[]
  readonly steppedUp?: SteppedUp
}

/** How long an attempt is remembered, in milliseconds. A link opened later gets a button. */
export const attemptLifetimeMs: number = 60 * 60 * 1000

const maxAttempts = 4
const maxUsed = 4
// Sealed, this takes 3.1 kB: it fits into a cookie, and together with two tokens it stays well below
// the 16 kB of headers that Node accepts.
const maxRecordBytes = 2300

export function newBrowserRecord(browser: string): BrowserRecord {
  return { browser, attempts: [], used: [] }
}

/**
 * Adds an attempt. The oldest are dropped past four, or where the cookie would be too large. Only the newest
 * can be requested again, so only it keeps its profile.
 */
export function withAttempt(record: BrowserRecord, attempt: Attempt): BrowserRecord {
  const attempts = [...record.attempts.map(withoutProfile), attempt].slice(-maxAttempts)
  return fitted({ ...record, attempts })
}

export function withUsedLink(record: BrowserRecord, used: UsedLink): BrowserRecord {
  return fitted({ ...record, used: [...record.used, used].slice(-maxUsed) })
}

/** Whether this browser redeemed a link to an address, from which the session of a user resulted. */
export function hasRedeemed(
  { attempts, used }: BrowserRecord,
  loginId: string,
  userId: string,
): boolean {
  const states = attempts.filter((one) => one.loginId === loginId).map(({ state }) => state)
  return used.some((one) => one.userId === userId && states.includes(one.state ?? ''))
}

/** Whether this browser has redeemed a link, or asked for a step-up or a change, since its last logout. */
export function hasSignedIn({ attempts, used }: BrowserRecord): boolean {
  return used.length > 0 || attempts.some(({ purpose }) => purpose !== undefined)
}

/**
 * The record of a browser that gets this session: it notes a step-up. By our clock, which tells its age, too:
 * that of the service may differ by minutes.
 */
export function withSession(record: BrowserRecord, session: Session, now: number): BrowserRecord {
  if (session.claims['su'] !== true) return record
  return fitted({ ...record, steppedUp: { userId: session.userId, at: now / 1000 } })
}

/**
 * The record after a logout: under a new name, so that no confirmation from before counts for this
 * browser. Links of a sign-in that were not opened yet still work; step-ups and changes have ended. The
 * addresses of who was signed in are left out, since the next user of the browser may be another.
 */
export function afterLogout({ attempts, used }: BrowserRecord, browser: string): BrowserRecord {
  const states = used.map(({ state }) => state)
  const ofUser = attempts.filter(
    ({ purpose, state }) => purpose !== undefined || states.includes(state),
  )
  const addresses = ofUser.map(({ loginId }) => canonicalLoginId(loginId))
  const kept = attempts
    .filter(({ purpose }) => purpose === undefined)
    .map((one) =>
      addresses.includes(canonicalLoginId(one.loginId))
        ? { ...withoutProfile(one), loginId: '' }
        : one,
    )
  return { browser, attempts: kept, used: [] }
}

function fitted(record: BrowserRecord): BrowserRecord {
  if (Buffer.byteLength(JSON.stringify(record)) <= maxRecordBytes) return record
  if (record.used.length > 1) return fitted({ ...record, used: record.used.slice(1) })
  if (record.attempts.length > 1) return fitted({ ...record, attempts: record.attempts.slice(1) })
  // A single attempt that is too large: first its profile is dropped, then its returnTo.
  if (record.attempts.some(({ profile }) => profile !== undefined)) {
    return fitted({ ...record, attempts: record.attempts.map(withoutProfile) })
  }
  return { ...record, attempts: record.attempts.map((attempt) => ({ ...attempt, returnTo: '/' })) }
}

function withoutProfile(attempt: Attempt): Attempt {
  const { profile: _, ...rest } = attempt
  return rest
}

/** The record in an opened attempt cookie, without attempts that are too old; undefined for one of another shape. */
export function parseBrowserRecord(data: unknown, now: number): BrowserRecord | undefined {
  const { browser, attempts, used, steppedUp }: Fields<BrowserRecord> = Object(data)
  if (!isStateShape(browser)) return undefined
  if (!Array.isArray(attempts) || !attempts.every(isAttempt)) return undefined
  if (!Array.isArray(used) || !used.every(isUsedLink)) return undefined
  const live = attempts.filter(({ createdAt }) => now - createdAt < attemptLifetimeMs)
  return { browser, attempts: live, used, ...(isSteppedUp(steppedUp) && { steppedUp }) }
}

type Fields<T> = Partial<Record<keyof T, unknown>>

function isAttempt(value: unknown): value is Attempt {
  const { state, method, purpose, createdAt, ...rest }: Fields<Attempt> = Object(value)
  const { loginId, returnTo, userId = '', code = '', profile = {} } = rest
  const names: object = Object(profile)
  return (
    isStateShape(state) &&
    isDeliveryMethod(method) &&
    [undefined, 'step-up', 'update'].some((known) => known === purpose) &&
    profile === names &&
    [loginId, returnTo, userId, code, ...Object.values(names)].every(isText) &&
    typeof createdAt === 'number'
  )
}

function isUsedLink(value: unknown): value is UsedLink {
  const { link, userId }: Fields<UsedLink> = Object(value)
  return isText(link) && isText(userId)
}

function isSteppedUp(value: unknown): value is SteppedUp {
  const { userId, at }: Fields<SteppedUp> = Object(value)
  return isText(userId) && typeof at === 'number'
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

// What a request's cookie held, or what its response sets by now: two attempts in one response add
// up. By site, since an app may have two.
const records = new WeakMap<object, WeakMap<object, BrowserRecord>>()

/** The record in this browser's attempt cookie; undefined without one that was sealed here. */
export function browserRecordOf(context: RouteContext): BrowserRecord | undefined {
  const known = records.get(context.site)?.get(context.request)
  if (known !== undefined) return known
  const sealed = context.cookie(context.settings.cookies.names.attempt)
  const { clock } = context.client.settings
  return sealed === undefined
    ? undefined
    : parseBrowserRecord(context.sealer.open('attempt', sealed), clock.now())
}

/** The same, or a new record for a browser without one. */
export function browserRecordFor(context: RouteContext): BrowserRecord {
  return browserRecordOf(context) ?? newBrowserRecord(randomToken())
}

/** The cookie that keeps the record in the browser, sealed. */
export function browserRecordCookie(context: RouteContext, record: BrowserRecord): CookieRecord {
  const ofSite = records.get(context.site) ?? new WeakMap<object, BrowserRecord>()
  records.set(context.site, ofSite.set(context.request, record))
  const sealed = context.sealer.seal('attempt', record)
  return sealedCookie(context.settings.cookies, 'attempt', sealed, attemptLifetimeMs / 1000)
}

/**
 * How long ago a session was stepped up, in seconds: since this browser got the token that first had the claim
 * `su`. A refresh does not renew it. It is in the sealed record of the browser, so a copied session cookie alone
 * has none. Undefined where the session was not stepped up in this browser.
 */
export function stepUpAgeSeconds(context: RouteContext, session: Session): number | undefined {
  if (session.claims['su'] !== true) return undefined
  const steppedUp = browserRecordOf(context)?.steppedUp
  if (steppedUp?.userId !== session.userId) return undefined
  return context.client.settings.clock.now() / 1000 - steppedUp.at
}
