import type { AuthContext } from '../context.ts'
import { type HashedKeys, createHashedKeys } from '../attempt/hashed-keys.ts'
import { browserNameOf } from '../request/browser-name.ts'
import { maskLoginId } from '../request/login-id.ts'
import { pendingLifetimeMs } from './pending-sign-in.ts'

/** What the approval page shows of the browser that made an attempt. For display only. */
export interface Requester {
  /** Masked. */
  readonly address?: string
  /** Such as `Firefox on Linux`. */
  readonly browser?: string
  /** Milliseconds since the epoch. */
  readonly at?: number
}

/** Keeps in the store what the approval page of an attempt shows, for every instance. */
export async function keepRequester<R extends object>(
  context: AuthContext<R>,
  request: R,
  state: string,
  loginId: string,
): Promise<void> {
  const { client, read, sealer, settings } = context
  const requester = {
    address: maskLoginId(loginId),
    browser: browserNameOf(read.header(request, 'user-agent') ?? ''),
    at: client.settings.clock.now(),
  }
  const ttlMs = pendingLifetimeMs(settings.linkLifetimes.enchanted)
  await requestersOf(context).set(state, sealer.seal('requester', requester), ttlMs)
}

/** What is known of the browser that made an attempt; nothing when the store is unavailable. */
export async function requesterOf<R extends object>(
  context: AuthContext<R>,
  state: string | undefined,
): Promise<Requester> {
  if (state === undefined) return {}
  const sealed = await requestersOf(context)
    .get(state)
    .catch(() => undefined)
  const opened = sealed === undefined ? undefined : context.sealer.open('requester', sealed)
  return typeof opened === 'object' && opened !== null ? opened : {}
}

/** How long ago, in words. */
export function agoInWords(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) return 'just now'
  return minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`
}

function requestersOf<R extends object>({ store, sealer }: AuthContext<R>): HashedKeys {
  return createHashedKeys(store, sealer, 'requester')
}
