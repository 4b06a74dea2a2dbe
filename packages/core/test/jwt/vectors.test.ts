import { compactVerify, importJWK, type JWK } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { encode, makeKey, readVectors, sessionToken, signInput } from '@linkpass/testing'
import { vectorsOrSkip } from '@linkpass/testing/vitest'
import { asymmetricAlgorithms } from '../../src/options.ts'
import { splitCompact as split, type CompactToken } from '../../src/jwt/compact.ts'
import { checkHeader } from '../../src/jwt/header.ts'
import { readSignedJson } from '../../src/jwt/json.ts'
import { readKeySet } from '../../src/jwks/verification-key.ts'
import { createTestService } from '../session/service.ts'

const splitCompact = (jwt: unknown): CompactToken => split(jwt, 16_384)

/** The checks up to the signature, for payloads that are not claims. */
async function acceptsSignature(jwk: object, jws: unknown): Promise<boolean> {
  try {
    const token = splitCompact(jws)
    const header = checkHeader(readSignedJson(token.header), asymmetricAlgorithms)
    const { byKid: keys } = readKeySet('keys' in jwk ? jwk : { keys: [jwk] }, asymmetricAlgorithms)
    const key = keys.get(header.kid)
    const isAccepted = key?.alg === header.alg && (await key.verify(token))
    // jose accepts every token that is accepted here.
    if (isAccepted) expect(await isAcceptedByJose(jwk, header, token.jwt)).toBe(true)
    return isAccepted
  } catch (error) {
    expect(error).toMatchObject({ name: 'TokenError' })
    return false
  }
}

async function isAcceptedByJose(
  jwk: object,
  { kid, alg }: { kid: string; alg: string },
  jws: string,
): Promise<boolean> {
  const members: JWK[] = 'keys' in jwk && Array.isArray(jwk.keys) ? jwk.keys : [jwk]
  const key = await importJWK(
    members.find((member) => member.kid === kid)!,
    alg,
  )
  return compactVerify(jws, key, { algorithms: [alg] }).then(
    () => true,
    () => false,
  )
}

interface Wycheproof {
  testGroups: {
    public?: { kty?: string; keys?: { kty: string }[] }
    private: { kty?: string; keys?: { kty: string }[] }
    tests: { tcId: number; jws?: unknown; result: 'valid' | 'invalid' }[]
  }[]
}

interface Overrides {
  skip: Record<string, Record<string, string>>
  treat_as_invalid: Record<string, Record<string, string>>
}

/**
 * Rows with an RSA key that is weak by CVE-2017-15361 ("ROCA"), which is not looked for: the key set
 * is the service's own, and its keys were not made by a chip of that kind.
 */
const weakModuli: Record<string, readonly number[]> = {
  json_web_key_test: [7],
  json_web_crypto_test: [46],
}

describe('published test data', () => {
  beforeEach(vectorsOrSkip)

  test.each(['json_web_signature_test', 'json_web_key_test', 'json_web_crypto_test'])(
    'Wycheproof %s: every row has the expected result',
    async (file) => {
      const { testGroups }: Wycheproof = JSON.parse(readVectors(`wycheproof/${file}.json`))
      const overrides: Overrides = JSON.parse(readVectors('wycheproof/OVERRIDES.json'))
      const skipped = overrides.skip[file] ?? {}
      const invalid = overrides.treat_as_invalid[file] ?? {}
      const wrong: string[] = []
      let checked = 0
      for (const group of testGroups) {
        const key = group.public ?? group.private
        // Symmetric keys and empty payloads do not apply: a session token has neither.
        const isSymmetric = (key.keys?.[0] ?? key).kty === 'oct'
        for (const { tcId, jws, result } of group.tests) {
          if (jws === undefined || tcId in skipped || weakModuli[file]?.includes(tcId)) continue
          const isEmpty = typeof jws === 'string' && jws.includes('..')
          const expected = result === 'valid' && !(tcId in invalid) && !isSymmetric && !isEmpty
          checked += 1
          if ((await acceptsSignature(key, jws)) !== expected) wrong.push(`${file} ${tcId}`)
        }
      }
      expect(wrong).toEqual([])
      expect(checked).toBeGreaterThan(20)
    },
  )

  test.each([
    ['RFC 7515 A.2', 'rfc7515/rfc7515_A.2', 'RS256'],
    ['RFC 7515 A.3', 'rfc7515/rfc7515_A.3', 'ES256'],
    ['RFC 7515 A.4', 'rfc7515/rfc7515_A.4', 'ES512'],
  ])(
    '%s has a valid signature, and one changed byte makes it invalid',
    async (_name, file, alg) => {
      const jwk = { ...JSON.parse(readVectors(`${file}.jwk`)), kid: 'it', alg }
      const key = readKeySet({ keys: [jwk] }, asymmetricAlgorithms).byKid.get('it')!
      const jws = readVectors(`${file}.jwsc`).trim()
      expect(await key.verify(splitCompact(jws))).toBe(true)
      const spoiled = jws.replace(/[^.](?=[^.]*$)/, (first) => (first === 'A' ? 'B' : 'A'))
      expect(await key.verify(splitCompact(spoiled))).toBe(false)
    },
  )

  test('RFC 7515 A.5, an unsecured JWS, is rejected', async () => {
    expect(() => splitCompact(readVectors('rfc7515/rfc7515_A.5.jwsc').trim())).toThrow(
      expect.objectContaining({ code: 'ERR_TOKEN_MALFORMED' }),
    )
  })

  test.each([
    'jws/4_1.rsa_v15_signature',
    'jws/4_2.rsa-pss_signature',
    'jws/4_3.ecdsa_signature',
    'curve25519/jws',
  ])('RFC 7520 and 8037, %s: the signature is valid', async (file) => {
    const { input, output } = JSON.parse(readVectors(`ietf-jose-cookbook/${file}.json`))
    const jwk = { ...input.key, kid: 'it', alg: input.alg }
    const key = readKeySet({ keys: [jwk] }, asymmetricAlgorithms).byKid.get('it')!
    expect(await key.verify(splitCompact(output.compact))).toBe(true)
  })

  test('RFC 7797, unencoded payloads, are rejected', async () => {
    for (const file of ['hmac-sha2_b64_false', '4.2.hmac-sha2_b64_false']) {
      const { input, output } = JSON.parse(readVectors(`ietf-jose-cookbook/rfc7797/${file}.json`))
      const forms = [output.compact, JSON.stringify(output.json_flat), JSON.stringify(output.json)]
      for (const jws of forms) expect(await acceptsSignature(input.key, jws)).toBe(false)
    }
  })

  test('key sets with members of unknown kinds keep the known members', () => {
    const read = (file: string) => {
      const text = readVectors(`pyjwt-jwks/${file}.json`)
      const set = text === '' ? undefined : JSON.parse(text)
      return [...readKeySet(set?.keys ? set : { keys: [set] }, asymmetricAlgorithms).byKid.keys()]
    }
    expect(read('jwk_keyset_with_unknown_alg')).toHaveLength(1)
    expect(read('jwk_keyset_only_unknown_alg')).toEqual([])
    expect(read('jwk_okp_pub_Ed448')).toEqual([])
    expect(read('jwk_ec_pub_secp256k1')).toEqual([])
    expect(read('jwk_empty')).toEqual([])
  })

  test('every claims set that jose rejects is rejected', async () => {
    const { cases, base64url } = JSON.parse(readVectors('panva-jose/claims_expectations.json'))
    const key = makeKey('K1')
    const { sessions } = createTestService({ keySet: () => ({ keys: [key.jwk] }) })
    const signed = (payload: string, header = {}) => {
      const input = `${encode({ alg: 'RS256', kid: 'K1', ...header })}.${payload}`
      return `${input}.${signInput(input, 'RS256', key.privateKey)}`
    }
    let checked = 0
    for (const row of cases) {
      // Rows about options that only jose has are skipped, as are rows that jose accepts.
      const isOurs = row.expect !== 'accept' && Object.keys(row.options ?? {}).length === 0
      if (!isOurs || 'staticToken' in row) continue
      const payload =
        row.rawPayload !== undefined
          ? encode(row.rawPayload)
          : row.rawPayloadHex !== undefined
            ? Buffer.from(row.rawPayloadHex, 'hex').toString('base64url')
            : undefined
      const jwt =
        payload === undefined
          ? sessionToken(key, {
              header: row.header ?? {},
              claims: row.rawClaims ?? relative(row.claims ?? {}),
            })
          : signed(payload, row.header)
      checked += 1
      await expect(sessions.validateSession(jwt), JSON.stringify(row)).rejects.toMatchObject({
        name: 'TokenError',
      })
    }
    expect(checked).toBeGreaterThan(15)
    for (const text of base64url.reject) {
      expect(() => splitCompact(`e30.${text}.e30`)).toThrow(expect.objectContaining({}))
    }
    for (const [encoded, decoded] of Object.entries(base64url.accept)) {
      const jwt = `e30.${encoded}.AAAA`
      // `YWJ` is "ab" with spare bits set: jose reads it, and it is not canonical.
      if (encoded === 'YWJ') expect(() => splitCompact(jwt)).toThrow(/canonical/)
      else expect(Buffer.from(splitCompact(jwt).payload, 'base64url').toString()).toBe(decoded)
    }
  })
})

function relative(claims: Record<string, number>): Record<string, number> {
  const seconds = Date.UTC(2026, 0, 15, 12) / 1000
  // Beyond any tolerance, since jose was called with none.
  const past = (offset: number): number => seconds + (offset === 0 ? -5 : offset + 5)
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, past(value)]))
}
