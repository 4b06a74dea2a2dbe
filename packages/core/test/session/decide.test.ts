import { describe, expect, test } from 'vitest'
import {
  KeySetError,
  RequestError,
  ServiceError,
  StoreError,
  TokenError,
} from '../../src/errors.ts'
import {
  decideTokens,
  endPlans,
  type EndScope,
  isEnded,
  isTokenRefusal,
  outcomeOf,
  recordsSessionToken,
  type RefreshFact,
  type SessionFact,
  type TokensAction,
} from '../../src/session/decide.ts'

test.each<[SessionFact, RefreshFact, TokensAction]>([
  ['live', 'none', 'use'],
  ['live', 'fits', 'use'],
  ['live', 'another-user', 'different-users'],
  ['expired', 'none', 'expired'],
  ['expired', 'fits', 'refresh'],
  ['expired', 'another-user', 'different-users'],
  ['none', 'none', 'no-session'],
  ['none', 'fits', 'refresh'],
  ['none', 'another-user', 'refresh'],
  ['other-project', 'none', 'other-project'],
  ['other-project', 'fits', 'refresh'],
  ['other-project', 'another-user', 'refresh'],
])('a session token (%s) with a refresh token (%s): %s', (session, refresh, action) => {
  expect(decideTokens(session, refresh)).toBe(action)
})

const errorResponse = (status: number, errorCode: string) =>
  new ServiceError({ status, errorCode, errorDescription: '', errorMessage: '' })

describe('outcomeOf', () => {
  test.each<[unknown, object]>([
    [new TokenError('ERR_TOKEN_EXPIRED', ''), { status: 'signed-out', reason: 'expired' }],
    [new TokenError('ERR_TOKEN_REVOKED', ''), { status: 'signed-out', reason: 'revoked' }],
    [new TokenError('ERR_TOKEN_ROTATED', ''), { status: 'signed-out', reason: 'refresh-rotated' }],
    [
      new TokenError('ERR_TOKEN_CLAIM', '', { claim: 'iss' }),
      { status: 'signed-out', reason: 'other-project' },
    ],
    [new TokenError('ERR_TOKEN_TOO_EARLY', ''), { status: 'signed-out', reason: 'not-yet-valid' }],
    [new TokenError('ERR_TOKEN_MALFORMED', ''), { status: 'signed-out', reason: 'invalid' }],
    [new TokenError('ERR_TOKEN_SIGNATURE', ''), { status: 'signed-out', reason: 'invalid' }],
    [new TokenError('ERR_TOKEN_CLAIM', ''), { status: 'signed-out', reason: 'invalid' }],
    [new TokenError('ERR_TOKEN_KIND', ''), { status: 'signed-out', reason: 'invalid' }],
    [errorResponse(401, 'E064001'), { status: 'signed-out', reason: 'refresh-refused' }],
    [errorResponse(400, 'E062108'), { status: 'signed-out', reason: 'refresh-refused' }],
    [
      errorResponse(401, 'E061004'),
      { status: 'unavailable', what: 'refresh', retryAfterSeconds: 1 },
    ],
    [errorResponse(401, ''), { status: 'unavailable', what: 'refresh', retryAfterSeconds: 1 }],
    [errorResponse(500, 'E1'), { status: 'unavailable', what: 'refresh', retryAfterSeconds: 1 }],
    [new KeySetError('', 4), { status: 'unavailable', what: 'keys', retryAfterSeconds: 4 }],
    [
      new ServiceError({
        status: 429,
        errorCode: 'E130429',
        errorDescription: '',
        errorMessage: '',
        retryAfterSeconds: 7,
      }),
      { status: 'unavailable', what: 'refresh', retryAfterSeconds: 7 },
    ],
    [
      Object.assign(new Error('no token error'), { claim: 'iss' }),
      { status: 'unavailable', what: 'refresh', retryAfterSeconds: 1 },
    ],
    [new StoreError(''), { status: 'unavailable', what: 'store', retryAfterSeconds: 1 }],
    [new RequestError('ERR_TIMEOUT', ''), { status: 'unavailable', what: 'refresh' }],
    [new Error('unexpected'), { status: 'unavailable', what: 'refresh' }],
    [
      Object.assign(new Error('not a response of the service'), {
        status: 401,
        errorCode: 'E064001',
      }),
      { status: 'unavailable', what: 'refresh' },
    ],
    [null, { status: 'unavailable', what: 'refresh', retryAfterSeconds: 1 }],
    ['not even an error', { status: 'unavailable', what: 'refresh' }],
  ])('%s is %j', (error, outcome) => {
    expect(outcomeOf(error)).toMatchObject(outcome)
    expect(Object.isFrozen(outcomeOf(error))).toBe(true)
  })
})

test('a refresh token is ended at the service and in the store, in the order of the scope', () => {
  expect(endPlans).toEqual({
    'this-session': { call: 'logout', first: 'neither' },
    everywhere: { call: 'logoutAll', first: 'call' },
    replaced: { call: 'logout', first: 'record' },
  })
})

test.each<[isRecorded: boolean, isConfirmed: boolean, revokesSessions: boolean, ended: boolean]>([
  [true, true, true, true],
  [true, true, false, true],
  [true, false, true, true],
  [true, false, false, true],
  [false, true, true, false],
  [false, true, false, true],
  [false, false, true, false],
  [false, false, false, false],
])('a refresh token recorded %s, confirmed %s, revocation %s, is ended: %s', (...row) => {
  const [isRecorded, isConfirmed, revokesSessions, ended] = row
  expect(isEnded({ isRecorded, isConfirmed, revokesSessions })).toBe(ended)
})

test.each<[boolean, boolean, readonly EndScope[]]>([
  [true, true, ['this-session', 'everywhere', 'replaced']],
  [true, false, ['this-session', 'everywhere', 'replaced']],
  [false, true, []],
  [false, false, ['everywhere']],
])('a session token: revocation %s, its user ended %s, recorded for %j', (...row) => {
  const [revokesSessions, isUserEnded, recorded] = row
  const facts = { revokesSessions, isUserEnded }
  const scopes = ['this-session', 'everywhere', 'replaced'] as const
  expect(scopes.filter((scope) => recordsSessionToken(scope, facts))).toEqual(recorded)
})

test.each<[number, string, boolean, string]>([
  [401, 'E061005', true, 'an invalid token'],
  [401, 'E062504', true, 'an expired token'],
  [401, 'E064001', true, 'a logged-out token'],
  [400, 'E062108', true, 'a user who was deleted'],
  [401, 'E061004', false, 'a request that is not authorized: the key or the project'],
  [400, 'E011001', false, 'a request that cannot be parsed'],
  [400, 'E011002', false, 'an incomplete request'],
  [400, 'E011003', false, 'an invalid request'],
  [400, 'E011004', false, 'an invalid argument'],
  [401, 'E062802', false, 'no access key'],
  [401, 'E062803', false, 'an invalid access key'],
  [429, 'E130429', false, 'too many requests'],
  [401, 'E069999', true, 'an unknown code'],
  [401, '', false, 'a proxy'],
  [403, 'E061005', false, 'a status that does not reject tokens'],
  [500, 'E064001', false, 'an outage with any code'],
])('T-60: %i %s rejects the token: %s (%s)', (status, errorCode, expected) => {
  expect(isTokenRefusal({ status, errorCode })).toBe(expected)
})
