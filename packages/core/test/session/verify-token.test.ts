import { describe, expect, test } from 'vitest'
import { createTestClock, encode, projectId, startTime } from '@linkpass/testing'
import { resolveOptions } from '../../src/options.ts'
import {
  createVerifyToken,
  type Unverified,
  type VerifyToken,
} from '../../src/session/verify-token.ts'
import type { VerificationKey } from '../../src/jwks/verification-key.ts'

const claims = {
  iss: projectId,
  sub: 'U2ada',
  drn: 'DS',
  iat: startTime / 1000,
  exp: startTime / 1000 + 600,
}

/** A token whose signature is valid if it is the text "good". */
function token(header: object = {}, signature = 'good'): string {
  return `${encode({ alg: 'ES256', kid: 'K1', ...header })}.${encode(claims)}.${encode(signature)}`
}

/** A key that accepts every signature. */
const anySignature: VerificationKey = {
  kid: 'K1',
  alg: 'ES256',
  fingerprint: '',
  verify: () => true,
}

interface Watched {
  readonly check: VerifyToken & Unverified
  /** Verifies a valid token with this header. */
  readonly verifyHeader: (header?: object) => void
  /** How often a header was checked, and a signature verified. */
  readonly count: { headers: number; signatures: number }
}

function watched(alg = 'ES256'): Watched {
  const count = { headers: 0, signatures: 0 }
  const algorithms = Object.assign(['ES256'], {
    includes: (name: string): boolean => {
      count.headers += 1
      return name === 'ES256'
    },
  })
  const key: VerificationKey = {
    kid: 'K1',
    alg,
    fingerprint: '',
    verify: ({ signature }) => {
      count.signatures += 1
      return signature === encode('good')
    },
  }
  const config = { ...resolveOptions({ projectId, clock: createTestClock() }), algorithms }
  const check = createVerifyToken(config, { find: () => key })
  return { check, verifyHeader: (header) => void check(token(header), 'session'), count }
}

const badSignature = expect.objectContaining({ code: 'ERR_TOKEN_SIGNATURE' })

describe('the headers of valid tokens', () => {
  test('are checked once, and the signature each time', () => {
    const { check, verifyHeader, count } = watched()
    for (let round = 1; round < 4; round += 1) {
      expect(check(token(), 'session')).toMatchObject({ expired: false })
      expect(count).toEqual({ headers: 1, signatures: round })
    }
    verifyHeader({ x: 1 })
    expect(count.headers).toBe(2)
  })

  test('are remembered up to 64, then dropped', () => {
    const { verifyHeader, count } = watched()
    const headers = Array.from({ length: 65 }, (_, x) => ({ x }))
    for (const header of headers.slice(0, 64)) verifyHeader(header)
    for (const header of headers.slice(0, 64)) verifyHeader(header)
    expect(count.headers).toBe(64)
    verifyHeader(headers[64])
    expect(count.headers).toBe(65)
    verifyHeader(headers[64])
    expect(count.headers).toBe(65)
    verifyHeader(headers[0])
    expect(count.headers).toBe(66)
  })
})

test('a header of forged tokens is not remembered', () => {
  const { check, count } = watched()
  for (let round = 1; round < 3; round += 1) {
    expect(() => check(token({}, 'forged'), 'session')).toThrow(badSignature)
    expect(count).toEqual({ headers: round, signatures: round })
  }
})

test('a list of issuers applies to both kinds of token', () => {
  const options = { projectId, clock: createTestClock(), algorithms: ['ES256'] as const }
  const [any, listed] = [undefined, ['https://auth.example.com']].map((issuers) =>
    createVerifyToken({ ...resolveOptions(options), issuers }, { find: () => anySignature }),
  )
  for (const kind of ['session', 'refresh'] as const) {
    const drn = kind === 'session' ? 'DS' : 'DSR'
    const good = `${encode({ alg: 'ES256', kid: 'K1' })}.${encode({ ...claims, drn })}.AAAA`
    expect(any!(good, kind)).toMatchObject({ expired: false })
    expect(() => listed!(good, kind)).toThrow(expect.objectContaining({ claim: 'iss' }))
  }
})

test('a key of another algorithm is not used', () => {
  const { check, count } = watched('ES384')
  expect(() => check(token(), 'session')).toThrow(badSignature)
  expect(count).toEqual({ headers: 1, signatures: 0 })
})

test.each([
  ['a text without dots', 'garbage', undefined],
  ['nothing', '', undefined],
  ['a payload that is no JSON', `h.${encode('{')}.s`, undefined],
  ['another project', `h.${encode({ ...claims, iss: 'P2other' })}.s`, undefined],
  ['no user', `h.${encode({ iss: projectId })}.s`, undefined],
  ['a user id that is a number', `h.${encode({ ...claims, sub: 7 })}.s`, undefined],
  ['a user', `h.${encode(claims)}.s`, 'U2ada'],
])('a refresh token that names %s, unverified', (_what, refreshJwt, sub) => {
  expect(watched().check.subjectOf(refreshJwt)).toBe(sub)
})
