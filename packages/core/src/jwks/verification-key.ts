import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { isKeyId } from '../jwt/header.ts'
import { createVerifier, type Verifier } from '../jwt/signature.ts'
import { stringOf } from '../model/grammar.ts'

/** One of the project's public keys, validated: its algorithm never comes from a token. */
export interface VerificationKey {
  readonly kid: string
  /** The only algorithm this key is used with. */
  readonly alg: string
  /** Whether it signed a token. */
  readonly verify: Verifier
  /** The public members as JSON: equal for equal keys. */
  readonly fingerprint: string
}

/** More than any project has. A set of a megabyte must not take a second to import. */
const maxKeys = 100

/** The algorithm of each curve (RFC 7518 section 3.4, RFC 8037 section 3.1). */
const curveAlgorithms: ReadonlyMap<unknown, string> = new Map([
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
  ['Ed25519', 'EdDSA'],
])

/**
 * The usable keys of a JWK set (RFC 7517), by `kid`; empty when there is none, or no set at all.
 *
 * A member that is not usable is ignored: see {@link readKey}. A `kid` that two different
 * usable keys share names neither. Keys of `known` that have not changed are reused, so that tokens verified with them
 * stay verified.
 *
 * @param algorithms the algorithms to accept
 */
export function readKeySet(
  set: unknown,
  algorithms: readonly string[],
  known: ReadonlyMap<string, VerificationKey> = new Map(),
): ReadonlyMap<string, VerificationKey> {
  const keys = new Map<string, VerificationKey>()
  const shared = new Set<string>()
  for (const member of membersOf(set).slice(0, maxKeys)) {
    const read = readKey(member, algorithms, known)
    if (read === undefined) continue
    const { kid, fingerprint } = read
    if ((keys.get(kid) ?? read).fingerprint !== fingerprint) shared.add(kid)
    keys.set(kid, read)
  }
  for (const kid of shared) keys.delete(kid)
  return keys
}

function membersOf(set: unknown): readonly unknown[] {
  if (typeof set !== 'object' || set === null || !('keys' in set)) return []
  return Array.isArray(set.keys) ? set.keys : []
}

/**
 * One member of a key set as a key, or undefined when it is not a usable one: a public RSA, EC or
 * Ed25519 key with a `kid`, for signatures (`use`, `key_ops`), whose `alg` is accepted and fits it.
 * Without `alg` an RSA key is for RS256, any other for its curve's algorithm. RSA keys have 2,048 to
 * 8,192 bits and an odd exponent from 65,537 to 32 bits (NIST SP 800-56B).
 */
function readKey(
  member: unknown,
  algorithms: readonly string[],
  known: ReadonlyMap<string, VerificationKey>,
): VerificationKey | undefined {
  if (typeof member !== 'object' || member === null) return undefined
  const jwk: Readonly<Record<string, unknown>> = { ...member }
  const { kid } = jwk
  if (!isKeyId(kid) || !isForSignatures(jwk)) return undefined
  const alg = algorithmOf(jwk)
  const material = publicMaterial(jwk)
  if (alg === undefined || !algorithms.includes(alg) || material === undefined) return undefined
  const fingerprint = JSON.stringify({ alg, ...material })
  const same = known.get(kid)
  if (same?.fingerprint === fingerprint) return same
  const key = importKey(material)
  return key && { kid, alg, verify: createVerifier(alg, key), fingerprint }
}

function isForSignatures({ use, key_ops: operations }: Readonly<Record<string, unknown>>): boolean {
  if (use !== undefined && use !== 'sig') return false
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'))
}

function algorithmOf({ kty, crv, alg }: Readonly<Record<string, unknown>>): string | undefined {
  if (kty === 'RSA') {
    if (alg === undefined) return 'RS256'
    return typeof alg === 'string' && /^[RP]S/.test(alg) ? alg : undefined
  }
  const own = curveAlgorithms.get(crv)
  const ownType = crv === 'Ed25519' ? 'OKP' : 'EC'
  if (kty !== ownType) return undefined
  return alg === undefined || alg === own ? own : undefined
}

const isBase64url = stringOf(/^[A-Za-z0-9_-]+$/)

/** The public members only: nothing else in a JWK is imported. */
function publicMaterial({
  kty,
  ...jwk
}: Readonly<Record<string, unknown>>): JsonWebKey | undefined {
  if (kty === 'RSA') {
    const { n, e } = jwk
    return isBase64url(n) && isBase64url(e) && isSoundRsa(n, e) ? { kty, n, e } : undefined
  }
  const { crv, x, y } = jwk
  if (!isBase64url(crv) || !isBase64url(x)) return undefined
  if (kty === 'OKP') return { kty, crv, x }
  return kty === 'EC' && isBase64url(y) ? { kty, crv, x, y } : undefined
}

function isSoundRsa(n: string, e: string): boolean {
  const [modulus, exponent] = [integerOf(n), integerOf(e)]
  const isSoundExponent = exponent >= 65_537n && exponent < 2n ** 32n && exponent % 2n === 1n
  const isAllowedLength = modulus >= 2n ** 2047n && modulus < 2n ** 8192n
  return isSoundExponent && isAllowedLength
}

/** The unsigned integer encoded in base64url (RFC 7518 section 2, Base64urlUInt). */
function integerOf(text: string): bigint {
  return BigInt(`0x0${Buffer.from(text, 'base64url').toString('hex')}`)
}

function importKey(material: JsonWebKey): KeyObject | undefined {
  try {
    // OpenSSL rejects a point that is not on the curve, and anything that is not a key.
    return createPublicKey({ key: material, format: 'jwk' })
  } catch {
    return undefined
  }
}
