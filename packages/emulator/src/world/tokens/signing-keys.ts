import { type CryptoKey, type JWK, exportJWK, generateKeyPair } from 'jose'
import { randomId } from '../random.ts'

/** One RS256 key of a world. Made at start, never written anywhere. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** As the key set shows it: `kty, n, e, alg, kid, use`. */
  readonly jwk: JWK
}

/** A world's keys: the newest signs, and those not yet retired are published. */
export interface KeyRing {
  current(): Promise<SigningKey>
  published(): Promise<readonly SigningKey[]>
  /**
   * Signs with a new key from now on. The old ones stay published for `graceSeconds`; with 0 they
   * leave at once, and with them every token they signed.
   */
  rotate(options?: { graceSeconds?: number }): Promise<SigningKey>
}

interface Held {
  key: SigningKey
  /** Milliseconds since the epoch; Infinity for the one that signs. */
  retiresAt: number
}

/** A ring that makes its first key when it is first asked for one. */
export function createKeyRing(
  now: () => number,
  defaultGraceSeconds: number,
  onRotate: () => void,
): KeyRing {
  let held: Held[] = []
  let first: Promise<SigningKey> | undefined

  async function add(): Promise<SigningKey> {
    const key = await generateSigningKey()
    held.unshift({ key, retiresAt: Infinity })
    return key
  }

  async function current(): Promise<SigningKey> {
    first ??= add()
    const made = await first
    return held[0]?.key ?? made
  }

  return {
    current,
    published: async () => {
      await current()
      held = held.filter((entry) => entry.retiresAt > now())
      return held.map((entry) => entry.key)
    },
    rotate: async ({ graceSeconds = defaultGraceSeconds } = {}) => {
      await current()
      const key = await add()
      const retiresAt = now() + graceSeconds * 1000
      for (const entry of held) {
        if (entry.key !== key) entry.retiresAt = Math.min(entry.retiresAt, retiresAt)
      }
      onRotate()
      return key
    },
  }
}

async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048 })
  const kid = randomId('SK2')
  const { kty, n, e } = await exportJWK(publicKey)
  if (kty === undefined || n === undefined || e === undefined) throw new Error('No RSA key made.')
  return { kid, privateKey, publicKey, jwk: { alg: 'RS256', e, kid, kty, n, use: 'sig' } }
}
