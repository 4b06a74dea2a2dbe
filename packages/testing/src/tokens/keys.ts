/** Keys, and tokens signed by them, as the service makes them. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { startTime } from '../test-clock.ts'

/** The project whose tokens these are. */
export const projectId = 'P2abcdefghijklmnopqrstuvwxyz'

/** A key pair with the JWK that the service would publish for it. */
export interface TestKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly jwk: Record<string, unknown>
}

const curves: ReadonlyMap<string, string> = new Map([
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['ES512', 'P-521'],
])

/** Creates a key pair for an algorithm. */
export function makeKey(kid: string, alg = 'RS256', modulusLength = 2048): TestKey {
  const namedCurve = curves.get(alg)
  const { privateKey, publicKey } =
    namedCurve !== undefined
      ? generateKeyPairSync('ec', { namedCurve })
      : alg === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
  return { kid, alg, privateKey, publicKey, jwk }
}

/** Base64url of a text, or of the JSON of anything else. */
export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString(
    'base64url',
  )
}

/** The signature of `input` by `alg`, in the format of a JWS. */
export function signInput(input: string | Buffer, alg: string, key: KeyObject): string {
  const digest = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`
  const data = Buffer.from(input)
  const options = alg.startsWith('ES')
    ? { key, dsaEncoding: 'ieee-p1363' as const }
    : alg.startsWith('PS')
      ? { key, padding: 6, saltLength: -1 }
      : key
  return sign(digest, data, options).toString('base64url')
}

/** What differs from a valid token. */
export interface TokenParts {
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  /** The payload as text, instead of claims. */
  payload?: string
}

/** A valid session token of `key`, changed by `parts`. A member that is undefined is left out. */
export function sessionToken(
  key: TestKey,
  parts: TokenParts = {},
  now: number = startTime,
): string {
  const seconds = Math.floor(now / 1000)
  const header = { alg: key.alg, kid: key.kid, typ: 'JWT', ...parts.header }
  const claims = {
    iss: projectId,
    sub: 'U2ada',
    drn: 'DS',
    iat: seconds - 10,
    exp: seconds + 600,
    ...parts.claims,
  }
  const input = `${encode(header)}.${encode(parts.payload ?? claims)}`
  return `${input}.${signInput(input, key.alg, key.privateKey)}`
}

/** A valid refresh token of `key`, changed by `parts`. */
export function refreshToken(
  key: TestKey,
  parts: TokenParts = {},
  now: number = startTime,
): string {
  const exp = Math.floor(now / 1000) + 28 * 86_400
  return sessionToken(key, { ...parts, claims: { drn: 'DSR', exp, ...parts.claims } }, now)
}
