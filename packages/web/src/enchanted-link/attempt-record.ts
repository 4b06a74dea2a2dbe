import { canonicalLoginId } from '@linkpass/core/internal'
import type { AuthContext, RouteContext } from '../context.ts'
import { browserNameOf } from '../request/browser-name.ts'
import { maskLoginId } from '../request/login-id.ts'
import { pendingLifetimeMs } from './pending-sign-in.ts'

/** What the store keeps of an attempt as long as it lives. Without it, an attempt cannot be refused. */
export interface AttemptRecord {
  /** The address, masked. For display only. */
  readonly address?: string
  /** The browser that made the attempt, such as `Firefox on Linux`. For display only. */
  readonly browser?: string | undefined
  /** When it was made, in milliseconds since the epoch. */
  readonly at: number
  /** When it ends, in milliseconds since the epoch. */
  readonly endsAt: number
  /** The name under which refusals for its address are counted. */
  readonly pauseName: string
  /** The code to type; absent where a button is enough. */
  readonly code?: string | undefined
}

/** Keeps the record of a new attempt, for every instance. Rejects when the store is unavailable. */
export async function keepAttempt(
  context: RouteContext,
  { state, loginId, code }: { state: string; loginId: string; code: string | undefined },
): Promise<void> {
  const { client, settings } = context
  const at = client.settings.clock.now()
  const lifetimeMs = pendingLifetimeMs(settings.linkLifetimes.enchanted)
  const record: AttemptRecord = {
    address: maskLoginId(loginId),
    browser: browserNameOf(context.header('user-agent') ?? ''),
    at,
    endsAt: at + lifetimeMs,
    pauseName: context.sealer.fingerprint(paused, canonicalLoginId(loginId)),
    code,
  }
  await context.entries.keep('requester', state, record, lifetimeMs)
}

/** The record of an attempt; undefined once the attempt is over. Rejects without a store. */
export async function attemptOf(
  context: AuthContext,
  state: string,
): Promise<AttemptRecord | undefined> {
  const opened = await context.entries.find('requester', state)
  return isRecord(opened) ? opened : undefined
}

// Another release may have sealed another shape.
function isRecord(data: unknown): data is AttemptRecord {
  const fields: Partial<Record<keyof AttemptRecord, unknown>> = Object(data)
  const { at, endsAt, pauseName, code = '' } = fields
  return (
    [at, endsAt].every((time) => typeof time === 'number') &&
    [pauseName, code].every((text) => typeof text === 'string')
  )
}

/** How long refusals count, and how long a pause lasts, in milliseconds. */
const pauseMs = 15 * 60 * 1000
/** This many refusals within that time begin a pause. */
const enough = 2

const paused = 'paused'

/**
 * Counts a refusal. Two of them pause the enchanted attempts for the address for 15 minutes, so that no
 * one can send requests until one is approved by mistake. Never rejects: the refusal itself stands.
 */
export async function countRefusal({ store }: AuthContext, pauseName: string): Promise<void> {
  try {
    const count = await store.increment(`refusals:${pauseName}`, pauseMs)
    if (count >= enough) await store.set(`${paused}:${pauseName}`, '1', pauseMs)
  } catch {
    // The next refusal is counted.
  }
}

/** Whether nothing is to be sent to this address for now. Rejects without a store. */
export async function isPaused(context: AuthContext, loginId: string): Promise<boolean> {
  return (await context.entries.get(paused, canonicalLoginId(loginId))) !== undefined
}
