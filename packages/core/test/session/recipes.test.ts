import { createHmac, randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  encode,
  makeKey,
  projectId,
  readVectors,
  sessionToken,
  signInput,
  startTime,
  type TestKey,
} from '@linkpass/testing'
import { hasVectors, vectorsOrSkip } from '@linkpass/testing/vitest'
import { createTestService } from './service.ts'

const K1 = makeKey('K1', 'RS256')
const K2 = makeKey('K2', 'ES384')
const attackers: Record<string, TestKey> = {
  ATT: makeKey('ATT', 'RS256'),
  ATTEC: makeKey('ATTEC', 'ES384'),
}

interface Recipe {
  id: string
  header?: Record<string, unknown>
  claims?: Record<string, unknown> | string
  sig?: string
  sign?: string
  form?: string
  variants?: string[]
  hmac_secret?: string[]
}

const seconds = startTime / 1000
const claims = { iss: projectId, sub: 'U1', drn: 'DS', iat: seconds - 10, exp: seconds + 600 }

const secrets: Record<string, string | Buffer> = {
  'SPKI PEM': K1.publicKey.export({ type: 'spki', format: 'pem' }),
  'SPKI PEM no trailing newline': K1.publicKey
    .export({ type: 'spki', format: 'pem' })
    .toString()
    .trimEnd(),
  'SPKI DER': K1.publicKey.export({ type: 'spki', format: 'der' }),
  'PKCS1 PEM': K1.publicKey.export({ type: 'pkcs1', format: 'pem' }),
  'JWK JSON': JSON.stringify(K1.jwk),
  'one zero byte': Buffer.from([0]),
  empty: '',
}

/** The header of a recipe, with what it names in words filled in. */
function headerOf(recipe: Recipe, variant?: string): Record<string, unknown> {
  const header: Record<string, unknown> = { alg: 'RS256', kid: 'K1', typ: 'JWT', ...recipe.header }
  if (variant !== undefined) header['alg'] = variant
  if (header['jwk'] !== undefined) header['jwk'] = attackers['ATT']!.jwk
  return header
}

/** Every token of a recipe. */
function tokensOf(recipe: Recipe): string[] {
  if (recipe.form?.includes('JSON') === true) {
    const [header, payload, signature] = sessionToken(K1).split('.')
    const flattened = { protected: header, payload, signature }
    const general = { payload, signatures: [{ protected: header, signature }] }
    return [flattened, general].map((form) => JSON.stringify(form))
  }
  if (recipe.form !== undefined) {
    return ['dir', 'RSA-OAEP'].map(
      (alg) => `${encode({ alg, enc: 'A128GCM', kid: 'K1' })}.AAAA.AAAA.AAAA.AAAA`,
    )
  }
  const isNested = typeof recipe.claims === 'string'
  const payload = encode(
    isNested ? sessionToken(K1) : { ...claims, ...(recipe.claims as object | undefined) },
  )
  if (recipe.hmac_secret !== undefined) {
    const input = `${encode(headerOf(recipe))}.${payload}`
    return recipe.hmac_secret.map((name) => {
      const secret = secrets[name] ?? name
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
    })
  }
  return (recipe.variants ?? [undefined]).map((variant) => {
    const header = headerOf(recipe, variant)
    const input = `${encode(header)}.${payload}`
    return `${input}.${signatureOf(recipe, header, input)}`
  })
}

function signatureOf(recipe: Recipe, header: Record<string, unknown>, input: string): string {
  switch (recipe.sig) {
    case 'empty':
      return ''
    case 'reuse-original':
      return sessionToken(K1).split('.')[2]!
    case '96 zero bytes':
      return Buffer.alloc(96).toString('base64url')
    case 'random':
      return randomBytes(256).toString('base64url')
    case undefined:
    default: {
      const signer = attackers[recipe.sign ?? ''] ?? K1
      const alg = signer === K1 ? String(header['alg']) : signer.alg
      return signInput(input, alg, signer.privateKey)
    }
  }
}

describe('known attacks', () => {
  beforeEach(vectorsOrSkip)
  const { recipes }: { recipes: Recipe[] } = hasVectors
    ? JSON.parse(readVectors('own/jwt_attack_recipes.json'))
    : { recipes: [] }
  const { sessions } = createTestService({ keySet: () => ({ keys: [K1.jwk, K2.jwk] }) })

  test.each(recipes)('$id', async (recipe) => {
    await expect(sessions.validateSession(sessionToken(K1))).resolves.toBeDefined()
    await expect(sessions.validateSession(sessionToken(K2))).resolves.toBeDefined()
    const tokens = tokensOf(recipe)
    expect(tokens.length).toBeGreaterThan(0)
    for (const jwt of tokens) {
      const error: unknown = await sessions.validateSession(jwt).catch((e: unknown) => e)
      expect(error).toMatchObject({ name: 'TokenError' })
      expect((error as Error).message).not.toMatch(/[A-Za-z0-9_-]{21,}/)
    }
  })

  test('every row of the list of tokens that jose accepts has its test', () => {
    const list: { rows: { input: string }[] } = JSON.parse(readVectors('own/jwt_strictness.json'))
    // A weak modulus is not looked for: the key set is the service's own.
    const rows = list.rows.filter(({ input }) => !input.startsWith('ROCA'))
    expect(rows.map(({ input }) => strictness[input]?.() ?? `no test: ${input}`)).toEqual(
      rows.map(() => 'rejected'),
    )
  })

  const good = sessionToken(K1)
  const text = JSON.stringify(claims)
  const rejected = (...tokens: string[]) => {
    const outcomes = tokens.map((sessionJwt) => sessions.authenticate({ sessionJwt }))
    return outcomes.every((outcome) => Reflect.get(outcome, 'status') === 'signed-out')
      ? 'rejected'
      : 'accepted'
  }
  const withClaims = (changed: Record<string, unknown>) =>
    rejected(sessionToken(K1, { claims: changed }))
  const withHeader = (changed: Record<string, unknown>) =>
    rejected(sessionToken(K1, { header: changed }))
  const withText = (payload: string) => rejected(sessionToken(K1, { payload }))
  const signedPayload = (payload: string) => {
    const input = `${encode({ alg: 'RS256', kid: 'K1' })}.${payload}`
    return rejected(`${input}.${signInput(input, 'RS256', K1.privateKey)}`)
  }
  const spare = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    .split('')
    .map((last) => good.slice(0, -1) + last)

  const strictness: Record<string, () => string> = {
    'token + " "': () => rejected(`${good} `),
    'token + "\\n"': () => rejected(`${good}\n`),
    'token + "\\t"': () => rejected(`${good}\t`),
    'token + "=="': () => rejected(`${good}==`),
    'token + "="': () => rejected(`${good}=`),
    '" " + token': () => rejected(` ${good}`),
    'token + "\\u0000"': () => rejected(`${good}\u0000`),
    '"\\ufeff" + token': () => rejected(`\ufeff${good}`),
    'space or CRLF inside the signature segment': () =>
      rejected(
        `${good.slice(0, -9)} ${good.slice(-9)}`,
        `${good.slice(0, -9)}\r\n${good.slice(-9)}`,
      ),
    '16 variants of the last signature character (unused bits, 256-byte RSA signature)': () =>
      rejected(...spare.filter((jwt) => jwt !== good)),
    'payload segment signed with padding': () => signedPayload(`${encode(`${text} `)}=`),
    'payload segment signed with an inner space': () =>
      signedPayload(`${encode(text).slice(0, 8)} ${encode(text).slice(8)}`),
    'exp absent': () => withClaims({ exp: undefined }),
    'exp 1e999 (parses to Infinity)': () => withText(text.replace(/"exp":\d+/, '"exp":1e999')),
    'nbf -1e999': () => withText(text.replace('{', '{"nbf":-1e999,')),
    'exp in milliseconds': () => withClaims({ exp: startTime + 600_000 }),
    'iat one hour in the future': () => withClaims({ iat: seconds + 3600, exp: seconds + 7200 }),
    'iat later than exp': () => withClaims({ iat: seconds, exp: seconds - 1 }),
    'kid absent, one key in the set': () => withHeader({ kid: undefined }),
    '"b64":false without crit': () => withHeader({ b64: false }),
    '"zip":"DEF" in a JWS header': () => withHeader({ zip: 'DEF' }),
    'typ at+jwt': () => withHeader({ typ: 'at+jwt' }),
    // The last of two counts: the first of each of these would have been valid.
    'duplicate header or claim names': () =>
      withText(text.replace('}', ',"drn":"DSR"}')) === 'rejected'
        ? withText(text.replace('}', ',"iss":"P2other"}'))
        : 'accepted',
    '__proto__ member in claims': () => withText(text.replace('{', '{"__proto__":{"a":1},')),
    'payload nested 100000 deep, signed': () =>
      withText(text.replace('{', `{"a":${'['.repeat(5000)}${']'.repeat(5000)},`)) === 'rejected'
        ? signedPayload(encode('['.repeat(100_000) + ']'.repeat(100_000)))
        : 'accepted',
    'RSA JWK with public exponent 1 (Wycheproof json_web_key #9)': () => refusedKey({ e: 'AQ' }),
  }
  function refusedKey(changed: object): string {
    const { kid, alg } = K1
    try {
      createTestService({ publicKey: { ...K1.jwk, ...changed, kid, alg } })
      return 'accepted'
    } catch {
      return 'rejected'
    }
  }
})
