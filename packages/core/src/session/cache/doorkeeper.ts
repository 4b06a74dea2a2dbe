/** Remembers approximately which tokens were seen before: one bit each, without allocation. */
export interface Doorkeeper {
  /** Whether a token was seen before; occasionally true of one that was not. */
  hasMet(jwt: string): boolean
  /** Records a verified token. Other tokens must not get in, or they could fill this memory. */
  meet(jwt: string): void
}

/** How many characters at the end of a token are hashed: all of them from the signature. */
const tailLength = 8

/**
 * A Bloom filter with one hash, cleared after `capacity` tokens: the doorkeeper of TinyLFU
 * (Einziger, Friedman, Manes, 2017). In front of the cache of verified tokens it admits those that
 * come again, so that a token used once is not copied, kept and collected later.
 */
export function createDoorkeeper(capacity: number): Doorkeeper {
  // Eight bits for each token: when full, at most one in eight is mistaken for another.
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

/** FNV-1a over the end of a signature, which is as good as random. */
function hashOf(jwt: string): number {
  let hash = 0x811c9dc5
  for (let index = Math.max(0, jwt.length - tailLength); index < jwt.length; index += 1) {
    hash = Math.imul(hash ^ jwt.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
