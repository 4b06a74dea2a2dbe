import { encode, makeKey, signInput, type TestKey } from './keys.ts'
import { seededRandom } from '../seeded-random.ts'
import { startTime } from '../test-clock.ts'

const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
]

/** One key of each asymmetric algorithm, with the name of its algorithm as its `kid`. */
export const publishedKeys: readonly TestKey[] = algorithms.map((alg) => makeKey(alg, alg))
const unpublishedKeys = new Map(algorithms.map((alg) => [alg, makeKey(alg, alg)]))

const seconds = Math.floor(startTime / 1000)

const oddValues: readonly unknown[] = [
  ...[undefined, null, true, 0, -1, 1e308, '', 'JWT', 'none', 'HS256', 'RS256', 'ES384', 'K1'],
  ...[[], ['b64'], ['RS256'], {}, { kid: 'RS256' }, '__proto__', 'constructor', '\u0000', '\ud800'],
  ...[seconds, seconds + 3, seconds + 6, seconds - 3, seconds - 6, seconds * 1000, 'DS', 'DSR'],
]
const headerNames = [
  ...['alg', 'kid', 'typ', 'crit', 'b64', 'zip', 'enc', 'cty', 'jwk', 'jku', 'x5u', 'x5c', 'x5t'],
  ...['__proto__', 'constructor', 'toString'],
]
const claimNames = [
  'iss',
  'sub',
  'drn',
  'exp',
  'iat',
  'nbf',
  'aud',
  '__proto__',
  'roles',
  'tenants',
]
const oddText = [
  ...['.', '=', '-', '_', '~', ' ', '\n', '\t', '\u0000', '\ufeff', '\u00a0', '+', '/', '%'],
  ...['A', 'a', '0', '..', 'e30', 'é', '💩'],
]

/**
 * A token that is valid or almost valid: made with one of {@link publishedKeys} and changed in
 * none, one or two of many ways, before or after it is signed. The same seed makes the same token,
 * except for the keys.
 */
export function mutatedToken(seed: number, projectId: string): string {
  const random = seededRandom(seed)
  const pick = <T>(list: readonly T[]): T => {
    const index = Math.floor(random() * list.length)
    for (const [at, item] of list.entries()) if (at === index) return item
    throw new Error('There is nothing to pick from.')
  }
  const key = pick(publishedKeys)
  const header: Record<string, unknown> = { alg: key.alg, kid: key.kid, typ: 'JWT' }
  const claims: Record<string, unknown> = {
    iss: projectId,
    sub: 'U2ada',
    drn: 'DS',
    iat: seconds - 10,
    exp: seconds + 600,
  }
  let signer = key
  let alg = key.alg
  let encodedHeader: string | undefined
  let encodedPayload: string | undefined
  const afterwards: ((token: string) => string)[] = []
  const cut = (text: string): number => Math.floor(random() * (text.length + 1))

  const mutations: readonly (() => void)[] = [
    () => define(header, pick(headerNames), pick(oddValues)),
    () => define(claims, pick(claimNames), pick(oddValues)),
    () => {
      signer = unpublishedKeys.get(key.alg) ?? key
    },
    () => {
      // Another algorithm of the same kind of key, with or without saying so in the header.
      alg = pick(algorithms.filter((other) => other[0] === key.alg[0]))
      if (alg.startsWith('E')) alg = key.alg
      if (random() < 0.5) header['alg'] = alg
    },
    () => {
      header['kid'] = pick(publishedKeys).kid
    },
    () => {
      encodedHeader = encode(header) + pick(oddText)
    },
    () => {
      const text = JSON.stringify(claims)
      encodedPayload = encode(text.slice(0, cut(text)) + pick(oddText) + text.slice(cut(text)))
    },
    () => {
      encodedPayload = Buffer.from([...Buffer.from(JSON.stringify(claims)), 0xff]).toString(
        'base64url',
      )
    },
    () => {
      encodedPayload = encode('['.repeat(70) + ']'.repeat(70))
    },
    () =>
      afterwards.push((token) => {
        const at = cut(token)
        return token.slice(0, at) + pick(oddText) + token.slice(at)
      }),
    () =>
      afterwards.push((token) => {
        const at = cut(token)
        return token.slice(0, at) + pick('ABCxyz019-_.'.split('')) + token.slice(at + 1)
      }),
    () => afterwards.push((token) => token.slice(0, cut(token))),
    () => afterwards.push((token) => token.slice(0, -1) + pick('ABCDQRSgwxyz0489'.split(''))),
    () => afterwards.push((token) => token.slice(0, token.lastIndexOf('.') + 1) + 'A'.repeat(86)),
    () => afterwards.push((token) => `${token}.${token}`),
  ]
  const times = pick([0, 1, 1, 1, 2, 2])
  for (let count = 0; count < times; count += 1) pick(mutations)()

  const input = `${encodedHeader ?? encode(header)}.${encodedPayload ?? encode(claims)}`
  const token = `${input}.${signedOnce(input, alg, signer)}`
  return afterwards.reduce((mutated, change) => change(mutated), token)
}

const signatures = new Map<string, string>()

/** Most tokens are changed after they were signed, so the same input is signed many times. */
function signedOnce(input: string, alg: string, signer: TestKey): string {
  const name = `${publishedKeys.includes(signer)} ${alg} ${input}`
  const signature = signatures.get(name) ?? signInput(input, alg, signer.privateKey)
  if (signatures.size < 10_000) signatures.set(name, signature)
  return signature
}

/** Sets an own property of any name, also `__proto__`. */
function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}
