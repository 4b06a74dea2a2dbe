import { type Sealer, randomToken } from '@linkpass/core/internal'

/** What an attempt is for. */
export type AttemptKind = 'sign-in' | 'step-up' | 'change-email' | 'change-phone'

/** How the link of an attempt signs in: where it is opened, or in the browser that requested it. */
export type AttemptChannel = 'magic' | 'enchanted'

export interface AttemptState {
  readonly kind: AttemptKind
  readonly channel: AttemptChannel
}

// The first byte of a state. A number once used keeps its meaning: other instances may be older.
const codes: ReadonlyMap<number, AttemptState> = new Map<number, AttemptState>([
  [1, { kind: 'sign-in', channel: 'magic' }],
  [2, { kind: 'step-up', channel: 'magic' }],
  [3, { kind: 'change-email', channel: 'magic' }],
  [4, { kind: 'change-phone', channel: 'magic' }],
  [5, { kind: 'sign-in', channel: 'enchanted' }],
])

const purpose = 'attempt-state'
const randomLength = 9
const tagLength = 6
const stateShape = /^[A-Za-z0-9_-]{22}$/

/**
 * A new state: 16 bytes as 22 characters of base64url. One byte for kind and channel, nine random
 * ones, and six of a MAC over both, so that a made-up or changed state is rejected without a request
 * to the store or the service.
 */
export function newState(sealer: Sealer, { kind, channel }: AttemptState): string {
  const [code = 0] =
    [...codes].find(([, known]) => known.kind === kind && known.channel === channel) ?? []
  const random = Buffer.from(randomToken(), 'base64url').subarray(0, randomLength)
  const content = Buffer.concat([Buffer.from([code]), random])
  const tag = sealer.tag(purpose, content, tagLength)
  return Buffer.concat([content, tag]).toString('base64url')
}

/** The kind and channel of a state that was made here; undefined for any other value. */
export function readState(sealer: Sealer, state: unknown): AttemptState | undefined {
  if (typeof state !== 'string' || !stateShape.test(state)) return undefined
  const bytes = Buffer.from(state, 'base64url')
  // 22 characters have four bits more than 16 bytes: of several spellings one counts.
  if (bytes.toString('base64url') !== state) return undefined
  const content = bytes.subarray(0, 1 + randomLength)
  if (!sealer.hasTag(purpose, content, bytes.subarray(1 + randomLength))) return undefined
  return codes.get(content[0] ?? 0)
}

/** Whether this has the shape of a state. Its MAC was checked before it was sealed. */
export function isStateShape(value: unknown): value is string {
  return typeof value === 'string' && stateShape.test(value)
}
