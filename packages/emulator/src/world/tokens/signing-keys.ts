import { type KeyObject, createPublicKey } from 'node:crypto'
import { randomId } from '../random.ts'
import { generateRsaKey } from './rsa-key.ts'

/** One RS256 key of a world. It is kept in memory only. */
interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** The entry of the key set: `kty, n, e, alg, kid, use`. */
  readonly jwk: Readonly<Record<string, unknown>>
}

/** The keys of a world: the newest one signs, and all that are not retired are published. */
export interface KeyRing {
  current(): Promise<SigningKey>
  published(): Promise<readonly SigningKey[]>
  /**
   * Signs with a new key from now on. The old keys stay published for `graceSeconds`; with 0 they
   * are removed at once, which invalidates every token they signed.
   */
  rotate(options?: { graceSeconds?: number }): Promise<SigningKey>
}

interface KeyEntry {
  key: SigningKey
  /** Milliseconds since the epoch; Infinity for the key that signs. */
  retiresAt: number
}

/** A key ring that creates its first key when one is first requested. */
export function createKeyRing(
  now: () => number,
  defaultGraceSeconds: number,
  onRotate: () => void,
): KeyRing {
  let entries: KeyEntry[] = []
  let first: Promise<SigningKey> | undefined

  async function add(): Promise<SigningKey> {
    const key = await generateSigningKey()
    entries.unshift({ key, retiresAt: Infinity })
    return key
  }

  async function current(): Promise<SigningKey> {
    first ??= add()
    const firstKey = await first
    return entries[0]?.key ?? firstKey
  }

  return {
    current,
    published: async () => {
      await current()
      entries = entries.filter((entry) => entry.retiresAt > now())
      return entries.map((entry) => entry.key)
    },
    rotate: async ({ graceSeconds = defaultGraceSeconds } = {}) => {
      await current()
      const key = await add()
      const retiresAt = now() + graceSeconds * 1000
      for (const entry of entries) {
        if (entry.key !== key) entry.retiresAt = Math.min(entry.retiresAt, retiresAt)
      }
      onRotate()
      return key
    },
  }
}

async function generateSigningKey(): Promise<SigningKey> {
  const privateKey = await generateRsaKey()
  const publicKey = createPublicKey(privateKey)
  const kid = randomId('SK2')
  return {
    kid,
    privateKey,
    publicKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), alg: 'RS256', kid, use: 'sig' },
  }
}
