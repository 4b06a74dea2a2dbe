/** Remembers, roughly, which tokens came before: a bit for each, and nothing allocated. */
export interface Doorkeeper {
  /** Whether a token was met before; now and then true of one that was not. */
  hasMet(jwt: string): boolean
  /** Takes note of a token. For those that were verified: no others may fill this memory. */
  meet(jwt: string): void
}

/** How much of the end of a token tells it from others: all of it from the signature. */
const tailLength = 8

/**
 * A Bloom filter with one hash, cleared when `capacity` tokens were met: the doorkeeper of TinyLFU
 * (Einziger, Friedman, Manes, 2017). In front of the cache of verified tokens it lets in those that
 * come again, so that one that is used once is not copied, kept and collected later.
 */
export function createDoorkeeper(capacity: number): Doorkeeper {
  // Eight bits for each token: at its fullest, at most one in eight is taken for another.
  const size = Math.ceil(capacity)
  let bits = new DataView(new ArrayBuffer(size))
  let met = 0

  return {
    hasMet(jwt) {
      const hash = hashOf(jwt)
      return (bits.getUint8((hash >>> 3) % size) & (1 << (hash & 7))) !== 0
    },
    meet(jwt) {
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

/** FNV-1a over the tail, which is as good as random: it is the end of a signature. */
function hashOf(jwt: string): number {
  let hash = 0x811c9dc5
  for (let index = Math.max(0, jwt.length - tailLength); index < jwt.length; index += 1) {
    hash = Math.imul(hash ^ jwt.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
