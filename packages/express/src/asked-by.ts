import {
  type HashedKeys,
  browserNameOf,
  createHashedKeys,
  maskLoginId,
  pendingLifetimeMs,
} from '@linkpass/web'
import type { Request } from 'express'
import type { AuthContext } from './context.ts'

/** What an approval page may show of who asked. For showing only. */
export interface AskedBy {
  /** Masked. */
  readonly address?: string
  /** Such as `Firefox on Linux`. */
  readonly browser?: string
  /** Milliseconds since the epoch. */
  readonly at?: number
}

/** Leaves in the store what the approval page of an attempt may show, on whatever instance. */
export async function keepAskedBy(
  context: AuthContext,
  req: Request,
  state: string,
  loginId: string,
): Promise<void> {
  const { client, settings } = context
  const browser = browserNameOf(req.headers['user-agent'] ?? '')
  const askedBy = { address: maskLoginId(loginId), browser, at: client.settings.clock.now() }
  const sealed = context.sealer.seal('asked', askedBy)
  const ttlMs = pendingLifetimeMs(settings.linkLifetimes.enchanted)
  await entriesOf(context).set(state, sealed, ttlMs)
}

/** What is known of who asked; nothing when the store has nothing, or is out of reach. */
export async function askedBy(context: AuthContext, state: string | undefined): Promise<AskedBy> {
  if (state === undefined) return {}
  const sealed = await entriesOf(context)
    .get(state)
    .catch(() => undefined)
  const opened = sealed === undefined ? undefined : context.sealer.open('asked', sealed)
  return typeof opened === 'object' && opened !== null ? opened : {}
}

/** How long ago, as people say it. */
export function agoInWords(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) return 'just now'
  return minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`
}

function entriesOf({ store, sealer }: AuthContext): HashedKeys {
  return createHashedKeys(store, sealer, 'asked')
}
