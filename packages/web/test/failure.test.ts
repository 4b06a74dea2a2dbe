import { describe, expect, test } from 'vitest'
import {
  type AuthOutcome,
  KeySetError,
  RequestError,
  ServiceError,
  StoreError,
} from '@linkpass/core'
import { errorPageOf, type Failure, isSignedOut, isTemporary, responseTo } from '../src/failure.ts'
import { callFailure, outageFailure, tenantFailure, verifyFailure } from '../src/service-failure.ts'
import { type Credentials } from '../src/request/credentials.ts'
import { outcomeFailure } from '../src/guard/identify.ts'
import { sendFailure } from '../src/service-failure.ts'

const signedOut = { kind: 'signed-out', reason: 'expired', source: 'cookie' } as const

describe('the table from failure to HTTP', () => {
  const table: readonly (readonly [Failure, number, string, string])[] = [
    [{ ...signedOut, clearSession: true }, 401, 'unauthorized', 'session'],
    [{ ...signedOut, clearSession: false }, 401, 'unauthorized', 'nothing'],
    [{ kind: 'conflicting-cookies' }, 401, 'unauthorized', 'session-and-strays'],
    [{ kind: 'unavailable', retryAfterSeconds: 3 }, 503, 'unavailable', 'nothing'],
    [{ kind: 'forbidden', missing: 'role' }, 403, 'forbidden', 'nothing'],
    [{ kind: 'step-up-needed' }, 401, 'step_up_required', 'nothing'],
    [{ kind: 'not-enabled', option: 'x' }, 404, 'not_enabled', 'nothing'],
    [{ kind: 'cross-site' }, 403, 'cross_site_request', 'nothing'],
    [{ kind: 'link-used-or-expired' }, 410, 'link_used_or_expired', 'nothing'],
    [{ kind: 'link-unknown' }, 400, 'link_unknown', 'nothing'],
    [{ kind: 'attempt-refused' }, 410, 'attempt_refused', 'nothing'],
    [{ kind: 'attempt-ended' }, 410, 'attempt_ended', 'nothing'],
    [{ kind: 'send-refused' }, 403, 'send_refused', 'nothing'],
    [{ kind: 'attempt-refused', reason: 'code' }, 410, 'attempt_refused', 'nothing'],
    [{ kind: 'wrong-code' }, 400, 'wrong_code', 'nothing'],
    [{ kind: 'too-many', retryAfterSeconds: 3 }, 429, 'too_many_requests', 'nothing'],
    [{ kind: 'bad-request', field: 'x' }, 400, 'bad_request', 'nothing'],
    [{ kind: 'body-too-large' }, 413, 'body_too_large', 'nothing'],
    [{ kind: 'unsupported-body' }, 415, 'unsupported_body', 'nothing'],
    [{ kind: 'method-not-allowed', allow: 'POST' }, 405, 'method_not_allowed', 'nothing'],
    [{ kind: 'sign-in-refused' }, 403, 'sign_in_refused', 'nothing'],
    [{ kind: 'bad-response' }, 502, 'bad_response', 'nothing'],
    [{ kind: 'cookie-too-large', cookie: 'DS', bytes: 5000 }, 500, 'cookie_too_large', 'nothing'],
    [{ kind: 'app-error', cause: new Error('x') }, 500, 'app_error', 'nothing'],
  ]

  test('a method that is not allowed is told which is', () => {
    expect(responseTo({ kind: 'method-not-allowed', allow: 'GET, HEAD' }).headers).toEqual({
      Allow: 'GET, HEAD',
    })
  })

  test.each(table)('%j is %i %s and clears %s', (failure, status, code, clear) => {
    expect(responseTo(failure)).toMatchObject({ status, code, clear })
  })

  test('every failure has an error page, but for those that a sign-in cures', () => {
    for (const [failure] of table) {
      expect(errorPageOf(failure) === undefined, failure.kind).toBe(isSignedOut(failure))
    }
  })

  test('a refused attempt has a page of its own where the code was wrong too often', () => {
    expect(errorPageOf({ kind: 'attempt-refused' })).toBe('attempt-refused')
    expect(errorPageOf({ kind: 'attempt-refused', reason: 'code' })).toBe('code-refused')
  })

  test('every 401 has a challenge, every wait a whole number of seconds from 1', () => {
    for (const [failure, status] of table) {
      const { headers } = responseTo(failure)
      if (status === 401) expect(headers['WWW-Authenticate']).toMatch(/^Bearer/)
      if (status === 429 || status === 503) expect(headers['Retry-After']).toBe('3')
    }
    const soon = responseTo({ kind: 'unavailable', retryAfterSeconds: 0 })
    expect(soon.headers['Retry-After']).toBe('1')
    const part = responseTo({ kind: 'too-many', retryAfterSeconds: 1.2 })
    expect(part.headers['Retry-After']).toBe('2')
  })

  test('only what the same request may survive a little later is worth repeating', () => {
    const passing = table.map(([failure]) => failure).filter(isTemporary)
    expect(new Set(passing.map(({ kind }) => kind))).toEqual(new Set(['unavailable', 'too-many']))
  })

  test('a sign-in is the cure for no session and for a torn one, and for nothing else', () => {
    const cured = table.map(([failure]) => failure).filter(isSignedOut)
    expect(new Set(cured.map(({ kind }) => kind))).toEqual(
      new Set(['signed-out', 'conflicting-cookies']),
    )
  })

  test('a Bearer token that was presented is told to be the trouble, and a cookie is not', () => {
    const challenge = (failure: Failure): unknown => responseTo(failure).headers['WWW-Authenticate']
    expect(challenge({ ...signedOut, source: 'bearer', clearSession: false })).toBe(
      'Bearer error="invalid_token"',
    )
    expect(challenge({ ...signedOut, clearSession: true })).toBe('Bearer')
    expect(challenge({ kind: 'conflicting-cookies' })).toBe('Bearer')
    expect(challenge({ kind: 'step-up-needed' })).toBe(
      'Bearer error="insufficient_user_authentication"',
    )
  })

  test('a failure that no retry can change has no Retry-After', () => {
    expect(responseTo({ kind: 'forbidden', missing: 'role' }).headers).toEqual({})
    expect(responseTo({ kind: 'link-unknown' }).headers).toEqual({})
    expect(responseTo({ kind: 'too-many', retryAfterSeconds: 0.5 }).headers).toEqual({
      'Retry-After': '1',
    })
  })

  test('T-65: why somebody is signed out makes no difference', () => {
    const reasons = [
      ...(['no-session', 'expired', 'invalid', 'revoked'] as const),
      ...(['refresh-refused', 'refresh-rotated'] as const),
    ]
    const answers = reasons.map((reason) =>
      responseTo({ ...signedOut, reason, clearSession: true }),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  })
})

describe('why an outcome is no session', () => {
  const cookies: Credentials = {
    source: 'cookie',
    sessionJwt: 'x',
    refreshJwt: undefined,
    conflicting: false,
  }
  const nothing = { ...cookies, sessionJwt: undefined }
  const bearer = { ...cookies, source: 'bearer' } as const
  type Outcome = Exclude<AuthOutcome, { status: 'signed-in' }>
  const expired: Outcome = { status: 'signed-out', reason: 'expired' }

  test.each<[string, Outcome, Credentials, object]>([
    ['a dead cookie', expired, cookies, { kind: 'signed-out', clearSession: true }],
    [
      'a cookie that was replaced on its way',
      { status: 'signed-out', reason: 'refresh-rotated' },
      cookies,
      { kind: 'signed-out', clearSession: false },
    ],
    ['no cookie', expired, nothing, { kind: 'signed-out', clearSession: false }],
    [
      'a Bearer token',
      expired,
      bearer,
      { kind: 'signed-out', source: 'bearer', clearSession: false },
    ],
    ['two values', expired, { ...nothing, conflicting: true }, { kind: 'conflicting-cookies' }],
    [
      'an outage',
      { status: 'unavailable', what: 'keys', retryAfterSeconds: 7 },
      cookies,
      { kind: 'unavailable', retryAfterSeconds: 7 },
    ],
  ])('%s', (_, outcome, credentials, failure) => {
    expect(outcomeFailure(outcome, credentials)).toMatchObject(failure)
  })
})

describe('what a refusal of the service means', () => {
  const refusal = (status: number, errorCode = 'E000000'): ServiceError =>
    new ServiceError({ status, errorCode, errorDescription: '', errorMessage: '' })
  const limited = new ServiceError({
    status: 429,
    errorCode: 'E130429',
    errorDescription: '',
    errorMessage: '',
    retryAfterSeconds: 9,
  })
  const network = new RequestError('ERR_NETWORK', 'No answer.')
  const argument = new RequestError('ERR_ARGUMENT', 'Wrong.', { argument: 'loginOptions' })
  const typed = new RequestError('ERR_ARGUMENT', 'Wrong.', { argument: 'loginId' })

  test.each([
    ['an unknown address', refusal(400, 'E062108'), undefined],
    ['a known address', refusal(400, 'E062107'), undefined],
    ['any other 4xx', refusal(404), undefined],
    ['a wrong project', refusal(401), 'unavailable'],
    ['a session that was logged out meanwhile', refusal(401, 'E064001'), 'signed-out'],
    ['a 5xx', refusal(503), 'unavailable'],
    ['a 5xx with a code of an ended session', refusal(500, 'E061005'), 'unavailable'],
    ['a proxy that is in the way', refusal(403, ''), 'unavailable'],
    ['no answer', network, 'unavailable'],
    ['too many', limited, 'too-many'],
    ['an option of the app', argument, 'unavailable'],
    ['what was typed', typed, 'bad-request'],
  ])('of an attempt: %s', (_, error, kind) => {
    expect(sendFailure(error)?.kind).toBe(kind)
  })

  test.each([
    ['an expired or used link', refusal(401, 'E062504'), 'link-used-or-expired'],
    ['a link it does not know', refusal(401, 'E063010'), 'link-unknown'],
    ['a token it cannot read', refusal(400, 'E011001'), 'link-unknown'],
    ['T-60: a key of ours that it does not take', refusal(401, 'E061004'), 'unavailable'],
    ['P17: a method that is off, whose code no document tells', refusal(403), 'unavailable'],
    ['P17: a wrong project', refusal(400, 'E099001'), 'unavailable'],
    ['a user who no longer exists', refusal(400, 'E062108'), 'link-unknown'],
    ['a 5xx', refusal(500), 'unavailable'],
    ['a proxy that is in the way', refusal(404, ''), 'unavailable'],
    ['no answer', network, 'unavailable'],
    ['P17: the page of a proxy', new RequestError('ERR_RESPONSE_INVALID', 'x'), 'unavailable'],
    ['too many', limited, 'too-many'],
    ['an argument', argument, 'link-unknown'],
  ])('of a verification: %s', (_, error, kind) => {
    expect(verifyFailure(error).kind).toBe(kind)
  })

  test.each([
    ['a refresh token it ended', refusal(401, 'E064001'), 'signed-out'],
    ['T-60: a key of ours that it does not take', refusal(401, 'E061004'), 'unavailable'],
    ['a 401 that nobody knows', refusal(401), 'signed-out'],
    ['a refresh token it ended, by status 400', refusal(400, 'E064001'), 'signed-out'],
    ['a user who no longer exists', refusal(400, 'E062108'), 'signed-out'],
    ['P17: a method that is off', refusal(403), 'unavailable'],
    ['P17: a wrong project', refusal(400, 'E061004'), 'unavailable'],
    ['a 5xx', refusal(502), 'unavailable'],
    ['T-60: a 401 that is not the service’s own', refusal(401, ''), 'unavailable'],
    ['no answer', network, 'unavailable'],
    ['too many', limited, 'too-many'],
    ['an argument', argument, 'bad-request'],
  ])('of another call: %s', (_, error, kind) => {
    const failure = callFailure(error)
    expect(failure.kind).toBe(kind)
    // Only a refresh may end a session.
    expect(responseTo(failure).clear).toBe('nothing')
  })

  test.each([
    ['a code that no document tells', refusal(403), 'forbidden'],
    ['invalid arguments', refusal(400, 'E011004'), 'forbidden'],
    ['an argument', argument, 'forbidden'],
    ['a session that has ended', refusal(401, 'E064001'), 'signed-out'],
    ['the same, by status 400', refusal(400, 'E064001'), 'signed-out'],
    ['P17: a wrong project', refusal(400, 'E061004'), 'unavailable'],
    ['P17: a key of ours that it does not take', refusal(401, 'E061004'), 'unavailable'],
    ['a 5xx', refusal(502, 'E099001'), 'unavailable'],
    ['a proxy that is in the way', refusal(403, ''), 'unavailable'],
    ['no answer', network, 'unavailable'],
    ['too many', limited, 'too-many'],
  ])('of the choice of a tenant: %s', (_, error, kind) => {
    expect(tenantFailure(error).kind).toBe(kind)
  })

  test('of what a check or the store throws, only an outage is one', () => {
    const [keys, store] = [new KeySetError('No keys.', 7), new StoreError('No store.')]
    expect(outageFailure(keys)).toEqual({ kind: 'unavailable', retryAfterSeconds: 7 })
    expect(outageFailure(store)).toEqual({ kind: 'unavailable', retryAfterSeconds: 1 })
    expect(outageFailure(new Error('a mistake of ours'))).toBeUndefined()
  })

  test('a wait is passed on, and a minute where none is told', () => {
    expect(sendFailure(limited)).toMatchObject({ retryAfterSeconds: 9 })
    expect(sendFailure(refusal(429))).toMatchObject({ retryAfterSeconds: 60 })
  })
})
