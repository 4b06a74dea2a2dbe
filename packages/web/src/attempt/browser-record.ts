import { type DeliveryMethod } from '@linkpass/core'
import { isDeliveryMethod } from '@linkpass/core/internal'
import { isAttemptState } from './link-token.ts'

/** What a person asked for in this browser, so that the same browser can finish it. */
export interface Attempt {
  /** Names the attempt; the last segment of the link's path. */
  readonly state: string
  readonly method: DeliveryMethod
  /** The address as it was typed, to show and to send again. */
  readonly loginId: string
  /** Where to go afterwards: already safe. */
  readonly returnTo: string
  /** What the link is for. @default a sign-in */
  readonly purpose?: 'step-up' | 'update'
  /** The only person whose session may come of it: who asked for a step-up or an update. */
  readonly userId?: string
  /** What a new person said of themselves, by field, to be said again if they ask once more. */
  readonly profile?: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** A link that this browser has used, and whose session came of it. */
export interface UsedLink {
  /** A fingerprint of the one-time token. */
  readonly link: string
  readonly userId: string
}

/** What the sealed attempt cookie of one browser holds. */
export interface BrowserRecord {
  /** A random name of the browser: what a second tab shares and another browser never has. */
  readonly browser: string
  /** Oldest first. */
  readonly attempts: readonly Attempt[]
  /** Oldest first. */
  readonly used: readonly UsedLink[]
}

/** How long an attempt is remembered; a link opened later gets a button. One hour. */
export const attemptLifetimeMs: number = 60 * 60 * 1000

const maxAttempts = 4
const maxUsed = 4
// Sealed this is 3.1 kB: a cookie by itself, and beside two tokens still well below the 16 kB of
// headers that Node takes.
const maxRecordBytes = 2300

/** The record of a browser not seen before. Pure. */
export function newBrowserRecord(browser: string): BrowserRecord {
  return { browser, attempts: [], used: [] }
}

/**
 * Remembers an attempt; the oldest go once there are four, or when the cookie would not hold them. Only
 * the newest can be asked for once more, so only it keeps its profile. Pure.
 */
export function withAttempt(record: BrowserRecord, attempt: Attempt): BrowserRecord {
  const live = record.attempts.filter(
    (known) => attempt.createdAt - known.createdAt < attemptLifetimeMs,
  )
  return fitted({ ...record, attempts: [...live.map(withoutProfile), attempt].slice(-maxAttempts) })
}

/** Remembers that a link was used here, and whose session came of it. Pure. */
export function withUsedLink(record: BrowserRecord, used: UsedLink): BrowserRecord {
  return fitted({ ...record, used: [...record.used, used].slice(-maxUsed) })
}

/**
 * The record after a logout: under a new name, so that no press of before is this browser's any
 * more. Links not opened yet still work. Pure.
 */
export function afterLogout(record: BrowserRecord, browser: string): BrowserRecord {
  return { browser, attempts: record.attempts, used: [] }
}

function fitted(record: BrowserRecord): BrowserRecord {
  if (Buffer.byteLength(JSON.stringify(record)) <= maxRecordBytes) return record
  if (record.used.length > 1) return fitted({ ...record, used: record.used.slice(1) })
  if (record.attempts.length > 1) return fitted({ ...record, attempts: record.attempts.slice(1) })
  // One attempt with very much to it: first goes what only another link would need, then the way back.
  if (record.attempts.some(({ profile }) => profile !== undefined)) {
    return fitted({ ...record, attempts: record.attempts.map(withoutProfile) })
  }
  return { ...record, attempts: record.attempts.map((attempt) => ({ ...attempt, returnTo: '/' })) }
}

function withoutProfile(attempt: Attempt): Attempt {
  const { profile: _, ...rest } = attempt
  return rest
}

/** The live attempt of that state. Pure. */
export function findAttempt(
  record: BrowserRecord,
  state: string,
  now: number,
): Attempt | undefined {
  return record.attempts.find(
    (attempt) => attempt.state === state && now - attempt.createdAt < attemptLifetimeMs,
  )
}

/** The live attempt made last. Pure. */
export function latestAttempt(record: BrowserRecord, now: number): Attempt | undefined {
  return record.attempts.findLast((attempt) => now - attempt.createdAt < attemptLifetimeMs)
}

/**
 * Takes an opened attempt cookie for a record, or undefined when it is none. Only we can have sealed
 * it, but an older release may have sealed another shape. Pure.
 */
export function parseBrowserRecord(data: unknown): BrowserRecord | undefined {
  if (!isObject(data) || !isAttemptState(data['browser'])) return undefined
  const { browser, attempts, used } = data
  if (!Array.isArray(attempts) || !attempts.every(isAttempt)) return undefined
  if (!Array.isArray(used) || !used.every(isUsedLink)) return undefined
  return { browser, attempts, used }
}

function isAttempt(value: unknown): value is Attempt {
  return (
    isObject(value) &&
    isAttemptState(value['state']) &&
    isDeliveryMethod(value['method']) &&
    ['loginId', 'returnTo'].every((name) => typeof value[name] === 'string') &&
    [undefined, 'step-up', 'update'].some((purpose) => purpose === value['purpose']) &&
    ['undefined', 'string'].includes(typeof value['userId']) &&
    isProfile(value['profile']) &&
    typeof value['createdAt'] === 'number'
  )
}

function isProfile(value: unknown): value is Attempt['profile'] {
  if (value === undefined) return true
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string')
}

function isUsedLink(value: unknown): value is UsedLink {
  return isObject(value) && typeof value['link'] === 'string' && typeof value['userId'] === 'string'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
