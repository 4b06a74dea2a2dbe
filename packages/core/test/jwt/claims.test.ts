import { describe, expect, test } from 'vitest'
import { projectId, startTime } from '@linkpass/testing'
import {
  checkAudience,
  checkClaims,
  type ClaimRules,
  hasExpired,
  secondsAhead,
} from '../../src/jwt/claims.ts'

const seconds = startTime / 1000
const good = { iss: projectId, sub: 'U2ada', drn: 'DS', iat: seconds - 10, exp: seconds + 600 }
const rules: ClaimRules = {
  projectId,
  issuers: undefined,
  drn: 'DS',
  audience: undefined,
  toleranceSeconds: 5,
}

function errorOf(claims: object, changed: Partial<ClaimRules> = {}): unknown {
  try {
    checkClaims({ ...good, ...claims }, { ...rules, ...changed }, startTime)
    return undefined
  } catch (error) {
    const { code, claim, message } = error as { code: string; claim: string; message: string }
    if (code !== 'ERR_TOKEN_BOUND') {
      expect(message).toMatch(new RegExp(`^The claim "${claim}" (is|names) [a-z][^:]+\\.$`))
    }
    return `${code} ${claim}`
  }
}

const notTimes = [undefined, null, '1', true, [1], {}, Infinity, -Infinity, NaN, 253_402_300_800]

describe('checkClaims', () => {
  test('accepts valid claims, whatever the others are', () => {
    expect(errorOf({})).toBeUndefined()
    expect(errorOf({ nbf: seconds - 10, roles: 'x', aud: 7, custom: {} })).toBeUndefined()
  })

  test.each(notTimes)('%j is rejected as exp, iat and nbf', (time) => {
    expect(errorOf({ exp: time })).toBe('ERR_TOKEN_CLAIM exp')
    expect(errorOf({ iat: time })).toBe('ERR_TOKEN_CLAIM iat')
    if (time !== undefined) expect(errorOf({ nbf: time })).toBe('ERR_TOKEN_CLAIM nbf')
  })

  test.each([
    ['iat at exp', { iat: seconds, exp: seconds }, undefined],
    ['exp in the last second of the year 9999', { exp: 253_402_300_799 }, undefined],
    ['iat after exp', { iat: seconds + 1, exp: seconds }, 'ERR_TOKEN_CLAIM iat'],
    ['iat ahead by five minutes', { iat: seconds + 300 }, undefined],
    ['iat ahead by more', { iat: seconds + 301 }, 'ERR_TOKEN_TOO_EARLY iat'],
    ['nbf ahead by the tolerance', { nbf: seconds + 5 }, undefined],
    ['nbf ahead by more', { nbf: seconds + 6 }, 'ERR_TOKEN_TOO_EARLY nbf'],
    ['an exp in the past, which hasExpired checks', { exp: seconds - 1 }, undefined],
  ])('%s', (_what, claims, expected) => {
    expect(errorOf(claims)).toBe(expected)
  })

  test('the future begins with the next whole second', () => {
    const check = (iat: number, nbf: number, now: number) => () =>
      checkClaims({ ...good, iat, nbf }, rules, now)
    expect(check(seconds + 300, seconds + 5, startTime + 999)).not.toThrow()
    for (const late of [1, 0.3]) {
      const [iat, nbf] = [seconds + 300 + late, seconds + 5 + late]
      expect(check(iat, seconds, startTime + 999)).toThrow(/"iat" is in the future/)
      expect(check(seconds, nbf, startTime + 999)).toThrow(/"nbf" is in the future/)
    }
  })

  test.each([
    projectId,
    `https://api.descope.com/${projectId}`,
    `https://api.descope.com/v1/apps/${projectId}`,
    `https://api.descope.com/v1/apps/${projectId}/`,
    `https://api.descope.com/v1/apps/${projectId}/tenant1`,
    `https://api.descope.com/v1/apps/${projectId}/tenant1/`,
    `http://127.0.0.1:4400/v1/apps/${projectId}`,
    `http://[::1]:4400/${projectId}`,
    `https://API.my-app.example.com/v1.0/an_app~of-ours/${projectId}`,
  ])('accepts the issuer %s', (iss) => {
    expect(errorOf({ iss })).toBeUndefined()
  })

  test.each([
    ...[undefined, null, '', 7, [projectId], { 0: projectId }],
    `${projectId}x`,
    `x${projectId}`,
    projectId.toLowerCase(),
    `${projectId}\n`,
    ` ${projectId}`,
    `/${projectId}`,
    `https://${projectId}`,
    [`https://example.com/${projectId}`],
    `x https://example.com/${projectId}`,
    `https:///${projectId}`,
    `https://example.com/${projectId}?x`,
    `https://example.com/${projectId}#x`,
    `https://example.com/${projectId}%20`,
    `https://${projectId}/`,
    `https://${projectId}/x`,
    `https://${projectId}.example.com/`,
    `https://example.com/?p=/${projectId}`,
    `https://example.com/a?${projectId}`,
    `https://example.com/#/${projectId}`,
    `https://example.com/${projectId}/a/b`,
    `https://example.com/${projectId}/..`,
    `https://example.com/x/../${projectId}`,
    `https://example.com/./${projectId}`,
    `https://example.com/%2e%2e/${projectId}`,
    `https://example.com//${projectId}`,
    `https://user@example.com/${projectId}`,
    `https://example.com\\${projectId}`,
    `ftp://example.com/${projectId}`,
    `javascript://x/${projectId}`,
  ])('rejects the issuer %j', (iss) => {
    expect(errorOf({ iss })).toBe('ERR_TOKEN_CLAIM iss')
  })

  test('a list of issuers is compared exactly, and replaces the rule', () => {
    const issuers = ['https://auth.example.com/x']
    expect(errorOf({ iss: issuers[0] }, { issuers })).toBeUndefined()
    expect(errorOf({ iss: projectId }, { issuers })).toBe('ERR_TOKEN_CLAIM iss')
    expect(errorOf({ iss: `${issuers[0]}/` }, { issuers })).toBe('ERR_TOKEN_CLAIM iss')
  })

  test.each([undefined, null, '', 7, ['U2ada'], {}])('%j is not a subject', (sub) => {
    expect(errorOf({ sub })).toBe('ERR_TOKEN_CLAIM sub')
  })

  test.each([undefined, null, '', 'DSR', 'ds', 'DS ', ['DS']])('drn %j is another kind', (drn) => {
    expect(errorOf({ drn })).toBe('ERR_TOKEN_KIND drn')
  })

  test.each([{ jkt: 'x' }, {}, null, '', 0, false])('P23: a token with cnf %j is bound', (cnf) => {
    expect(errorOf({ cnf })).toBe('ERR_TOKEN_BOUND cnf')
    expect(errorOf({ cnf, drn: 'DSR' }, { drn: 'DSR' })).toBe('ERR_TOKEN_BOUND cnf')
  })

  test('an audience is checked when audiences are given', () => {
    const audience = ['app', 'other']
    expect(errorOf({ aud: 'app' }, { audience })).toBeUndefined()
    expect(errorOf({ aud: ['x', 'other'] }, { audience })).toBeUndefined()
    for (const aud of [
      undefined,
      null,
      '',
      'ap',
      'app2',
      'APP',
      [],
      ['x'],
      ['app', 7],
      { 0: 'app' },
    ]) {
      expect(errorOf({ aud }, { audience })).toBe('ERR_TOKEN_CLAIM aud')
    }
    expect(() => checkAudience({ aud: 'app' }, [])).toThrow(/aud/)
  })
})

test.each([
  [{ iat: seconds + 7 }, 7],
  [{ iat: seconds }, 0],
  [{ iat: seconds - 7 }, 0],
  [{ iat: 'soon' }, 0],
  [{}, 0],
])('%j is ahead by %d s', (claims, ahead) => {
  expect(secondsAhead(claims, startTime + 999)).toBe(ahead)
})

describe('hasExpired', () => {
  test.each([
    [0, 0, true],
    [1, 0, false],
    [-4, 5, false],
    [-5, 5, true],
    [-299, 300, false],
  ])('exp %d s from now, tolerance %d s: %s', (offset, tolerance, expected) => {
    expect(hasExpired({ exp: seconds + offset }, tolerance, startTime)).toBe(expected)
  })

  test('a fraction of a second counts', () => {
    expect(hasExpired({ exp: seconds }, 0, startTime - 1)).toBe(false)
    expect(hasExpired({ exp: seconds + 0.5 }, 0, startTime + 499)).toBe(false)
    expect(hasExpired({ exp: seconds + 0.5 }, 0, startTime + 500)).toBe(true)
  })
})
