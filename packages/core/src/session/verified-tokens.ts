import type { Clock } from '../clock.ts'
import type { VerifiedToken } from './verify-token.ts'

/** How long a generation is the young one, in milliseconds. */
const generationMs = 60_000
/** The size of an entry beside its text: claims, views, Map slots (measured, rounded up). */
const overheadBytes = 1024
/** How many characters at the end of a token are its index: all of them from the signature. */
const indexLength = 32

/** Read only when an entry is found. */
type CacheClock = Pick<Clock, 'now' | 'monotonic'>

interface Bounds {
  readonly maxEntries: number
  readonly maxBytes: number
}

/**
 * What a lookup compares, so that it reads no claims. Times are in seconds since the epoch: whole numbers,
 * which take no memory of their own.
 */
interface Entry {
  readonly verified: VerifiedToken
  readonly jwt: string
  readonly startsAt: number
  readonly endsAt: number
}

interface Generation {
  readonly entries: Map<string, Entry>
  /** When it became the young one, by the monotonic clock. */
  readonly since: number
  bytes: number
}

/**
 * Tokens that were verified, until they expire. The caller checks whether their key is still in use.
 *
 * A cache of two generations, each with half of the bounds. The young one takes what is new and what
 * is used; when it is full, or a minute old, it becomes the old one, and the previous old one is
 * dropped whole. That keeps what is in use without any bookkeeping per hit, and nothing that was not used
 * for two minutes.
 *
 * The index is the end of the signature, since hashing a whole token costs more than comparing it;
 * the whole token is compared. Only verified tokens get in, so no attacker can fill it.
 *
 * `npm run bench memory` measures what a session takes.
 */
export class VerifiedTokens {
  readonly #maxEntries: number
  readonly #maxBytes: number
  #young = generation(Number.NEGATIVE_INFINITY)
  #old = this.#young

  constructor({ maxEntries, maxBytes }: Bounds) {
    this.#maxEntries = Math.max(1, maxEntries / 2)
    this.#maxBytes = maxBytes / 2
  }

  /** The verified token, if exactly this string was verified and has not expired. */
  get(jwt: string, clock: CacheClock): VerifiedToken | undefined {
    const index = jwt.slice(-indexLength)
    const fromYoung = this.#young.entries.get(index)
    const entry = fromYoung ?? this.#old.entries.get(index)
    if (entry === undefined || entry.jwt !== jwt) return undefined
    const now = clock.now() / 1000
    if (now < entry.startsAt || now >= entry.endsAt) return undefined
    if (fromYoung === undefined) this.#keep(entry, clock.monotonic())
    return entry.verified
  }

  /** Keeps a token that was verified just now. Nothing else may be put here. */
  put(verified: VerifiedToken, clock: CacheClock): void {
    const now = clock.now() / 1000
    const { jwt, token } = verified.validated
    const { iat, nbf, exp } = token
    // If the wall clock is set back, a token may start in the future; that is not decided here.
    const start = typeof nbf === 'number' ? Math.max(iat, nbf) : iat
    const startsAt = Math.floor(Math.min(now, start))
    if (now < exp) this.#keep({ verified, jwt, startsAt, endsAt: exp }, clock.monotonic())
  }

  #keep(entry: Entry, monotonic: number): void {
    const bytes = entry.jwt.length * 2 + overheadBytes
    const { entries, bytes: used, since } = this.#young
    const isFull = entries.size + 1 > this.#maxEntries || used + bytes > this.#maxBytes
    if (isFull || monotonic - since >= generationMs) {
      this.#old = this.#young
      this.#young = generation(monotonic)
    }
    if (bytes > this.#maxBytes) return
    // A slice of the kept token, so that the index keeps no other string alive.
    const index = entry.jwt.slice(-indexLength)
    if (!this.#young.entries.has(index)) this.#young.bytes += bytes
    this.#young.entries.set(index, entry)
  }
}

function generation(since: number): Generation {
  return { entries: new Map(), since, bytes: 0 }
}

/** How many characters at the end of a token are hashed: all of them from the signature. */
const tailLength = 8

/**
 * A Bloom filter with one hash, cleared after `capacity` tokens: the doorkeeper of TinyLFU
 * (Einziger, Friedman, Manes, 2017). In front of the cache of verified tokens it admits those that
 * come again, so that a token used once is not copied, kept and collected later.
 */
export function createDoorkeeper(capacity: number) {
  // Eight bits for each token: when full, at most one in eight is mistaken for another.
  const size = Math.ceil(capacity)
  let bits = new DataView(new ArrayBuffer(size))
  let met = 0

  return {
    /** Whether a token was seen before; occasionally true of one that was not. */
    hasMet(jwt: string): boolean {
      const hash = hashOf(jwt)
      return (bits.getUint8((hash >>> 3) % size) & (1 << (hash & 7))) !== 0
    },
    /** Records a verified token. Other tokens must not get in, or they could fill this memory. */
    meet(jwt: string): void {
      if (met >= capacity) {
        bits = new DataView(new ArrayBuffer(size))
        met = 0
      }
      const hash = hashOf(jwt)
      const byte = (hash >>> 3) % size
      bits.setUint8(byte, bits.getUint8(byte) | (1 << (hash & 7)))
      met += 1
    },
  }
}

/** FNV-1a over the end of a signature, which is as good as random. */
function hashOf(jwt: string): number {
  let hash = 0x811c9dc5
  for (let index = Math.max(0, jwt.length - tailLength); index < jwt.length; index += 1) {
    hash = Math.imul(hash ^ jwt.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
