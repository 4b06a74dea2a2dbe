import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { isKeyId } from '../jwt/header.ts'
import { createVerifier, type Verifier } from '../jwt/signature.ts'
import { stringOf } from '../model/grammar.ts'

/** One of the project's public keys, validated: its algorithm never comes from a token. */
export interface VerificationKey {
  readonly kid: string
  /** The only algorithm this key is used with. */
  readonly alg: string
  readonly verify: Verifier
  /** The public members as JSON: equal for equal keys. */
  readonly fingerprint: string
}

/** More than any project has. A set of a megabyte must not block for a second while it is imported. */
const maxImports = 100

/** The algorithm of each curve (RFC 7518 section 3.4, RFC 8037 section 3.1). */
const curveAlgorithms: ReadonlyMap<unknown, string> = new Map([
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
  ['Ed25519', 'EdDSA'],
])

export interface ReadKeys {
  readonly byKid: ReadonlyMap<string, VerificationKey>
  /** The ids that name no key although they are in the set: of one too many to import, and of two keys. */
  readonly undecided: ReadonlySet<string>
}

/**
 * The usable keys of a JWK set (RFC 7517), by `kid`; none if it is no set. {@link describeKey} says which are
 * usable; the others are ignored. A `kid` that two different usable keys share names neither. Keys of `known`
 * that have not changed are reused, so that tokens verified with them stay verified.
 *
 * @param algorithms the JWS algorithms to accept, such as `RS256`
 * @param max how many keys are imported, besides those of `known`
 */
export function readKeySet(
  set: unknown,
  algorithms: readonly string[],
  known: ReadonlyMap<string, VerificationKey> = new Map(),
  max: number = maxImports,
): ReadKeys {
  const byKid = new Map<string, VerificationKey>()
  const undecided = new Set<string>()
  let imports = 0
  for (const member of membersOf(set)) {
    const described = describeKey(member, algorithms)
    if (described === undefined) continue
    const { kid, fingerprint } = described
    let key = [known.get(kid), byKid.get(kid)].find((same) => same?.fingerprint === fingerprint)
    if (key === undefined && imports === max) undecided.add(kid)
    else if (key === undefined) {
      imports += 1
      key = importKey(described)
    }
    if (key === undefined) continue
    if ((byKid.get(kid) ?? key).fingerprint !== fingerprint) undecided.add(kid)
    byKid.set(kid, key)
  }
  for (const kid of undecided) byKid.delete(kid)
  return { byKid, undecided }
}

function membersOf(set: unknown): readonly unknown[] {
  if (typeof set !== 'object' || set === null || !('keys' in set)) return []
  return Array.isArray(set.keys) ? set.keys : []
}

/** A member of a key set that may be a usable key. */
interface DescribedKey extends Omit<VerificationKey, 'verify'> {
  readonly material: JsonWebKey
}

/**
 * One member of a key set, or undefined when it is no usable key: a public RSA, EC or Ed25519 key
 * with a `kid`, for signatures (`use`, `key_ops`), whose `alg` is accepted and fits it. Without `alg`
 * an RSA key is for RS256, any other for its curve's algorithm. RSA keys have 2,048 to 8,192 bits and
 * an odd exponent from 65,537 to 32 bits (NIST SP 800-56B).
 */
function describeKey(member: unknown, algorithms: readonly string[]): DescribedKey | undefined {
  if (typeof member !== 'object' || member === null) return undefined
  const jwk: Readonly<Record<string, unknown>> = { ...member }
  const { kid } = jwk
  if (!isKeyId(kid) || !isForSignatures(jwk)) return undefined
  const alg = algorithmOf(jwk)
  const material = publicMaterial(jwk)
  if (alg === undefined || !algorithms.includes(alg) || material === undefined) return undefined
  return { kid, alg, material, fingerprint: JSON.stringify({ alg, ...material }) }
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

function importKey({ material, ...described }: DescribedKey): VerificationKey | undefined {
  try {
    // OpenSSL rejects a point that is not on the curve, and anything that is not a key.
    const key = createPublicKey({ key: material, format: 'jwk' })
    return { ...described, verify: createVerifier(described.alg, key) }
  } catch {
    return undefined
  }
}
