import { describe, expect, it } from 'vitest'
import { endpoints } from '../../src/http/endpoints.ts'
import type { WireResponse } from '../../src/http/exchange.ts'
import { readResponse } from '../../src/http/read-response.ts'
import { refreshJwt, sessionJwt } from '../fixtures.ts'

const tokenNames = { session: 'DS', refresh: 'DSR' }

function responseOf(body: object, setCookie?: string | string[]): WireResponse {
  const headers = setCookie === undefined ? {} : { 'set-cookie': setCookie }
  return { status: 200, headers, body: JSON.stringify(body) }
}

function read(body: object, setCookie?: string | string[], names = tokenNames) {
  return readResponse(endpoints['magicLink.verify'], responseOf(body, setCookie), names)
}

describe('tokens in cookies', () => {
  const attributes = 'Path=/; Domain=example.test; Max-Age=3599; HttpOnly; Secure; SameSite=None'
  const both = { sessionJwt, refreshJwt }

  it.each([
    ['under the default names', {}, ['DS', 'DSR'], tokenNames],
    ['under configured names', {}, ['MYDS', 'MYDSR'], { session: 'MYDS', refresh: 'MYDSR' }],
    [
      'under the default names, though others are configured',
      {},
      ['DS', 'DSR'],
      { session: 'MYDS', refresh: 'MYDSR' },
    ],
    [
      'under names that the service chose',
      { sessionCookieName: 'S.1', cookieName: 'R.1' },
      ['S.1', 'R.1'],
      tokenNames,
    ],
    ['beside empty fields', { sessionJwt: '', refreshJwt: '' }, ['DS', 'DSR'], tokenNames],
  ])('are read %s', (_what, body, [session, refresh], names) => {
    const cookies = [`${session}=${sessionJwt}; ${attributes}`, `${refresh}="${refreshJwt}"`]
    expect(read(body, cookies, names)).toEqual({ ok: true, code: 200, data: both })
  })

  it('are read from a single line', () => {
    expect(read({}, `DS=${sessionJwt}`)).toEqual({ ok: true, code: 200, data: { sessionJwt } })
  })

  it('are read after a cookie that clears one of the same name', () => {
    const cookies = ['DS=; Domain=example.test; Max-Age=0', `DS=${sessionJwt}`]
    expect(read({}, cookies)).toMatchObject({ data: { sessionJwt } })
  })

  it('do not replace tokens of the body', () => {
    expect(read(both, ['DS=a.b.c', 'DSR=a.b.c'])).toMatchObject({ data: both })
  })

  it.each([
    ['of another name', [`XDS=${sessionJwt}`, `DSX=${sessionJwt}`, `ds=${sessionJwt}`]],
    ['that are being cleared', ['DS=; Max-Age=0', 'DSR=""']],
    ['whose name would match as a pattern', [`D.S=${sessionJwt}`]],
  ])('are not read from cookies %s', (_what, cookies) => {
    expect(read({}, cookies)).toMatchObject({ ok: false, error: { code: 'ERR_RESPONSE_INVALID' } })
  })
})

describe('a response with tokens', () => {
  it('is a success only with a session token', () => {
    expect(read({ refreshJwt })).toMatchObject({ ok: false, code: 0 })
    expect(read({ sessionJwt: null, refreshJwt })).toMatchObject({ ok: false, code: 0 })
  })

  it('counts a field that is null as absent', () => {
    expect(read({ sessionJwt, refreshJwt: null, user: null, firstSeen: null })).toEqual({
      ok: true,
      code: 200,
      data: { sessionJwt },
    })
  })

  it('counts a token that is empty as absent', () => {
    const blank = { sessionJwt, refreshJwt: '', cookieDomain: '' }
    expect(read(blank)).toEqual({ ok: true, code: 200, data: { sessionJwt } })
    expect(read({ sessionJwt: '' })).toMatchObject({ ok: false })
  })

  it('reads a user without login IDs', () => {
    const user = { userId: 'U2', loginIds: null }
    expect(read({ sessionJwt, user }).data?.user).toEqual({ userId: 'U2', loginIds: [] })
  })

  it('gives no prototype to a name from the service', () => {
    const body = `{"sessionJwt":"${sessionJwt}","__proto__":{"refreshJwt":"x"},"user":{"userId":"U","loginIds":[],"customAttributes":{"__proto__":{"admin":true}}}}`
    const result = readResponse(
      endpoints['magicLink.verify'],
      { status: 200, headers: {}, body },
      tokenNames,
    )
    expect(result.data?.refreshJwt).toBeUndefined()
    expect(result.data?.user?.customAttributes?.['admin']).toBeUndefined()
  })
})

it('a response that is a list stays one beside a cookie', () => {
  const history = [{ userId: 'U2', loginTime: 1 }]
  const wire = responseOf(history, 'DS=a.b.c')
  expect(readResponse(endpoints.history, wire, tokenNames)).toEqual({
    ok: true,
    code: 200,
    data: history,
  })
})

describe('P35: the response to an enchanted link', () => {
  const good = { linkId: '42', pendingRef: 'a-reference', maskedEmail: 'a***@example.test' }
  const readLink = (body: object): boolean =>
    readResponse(endpoints['enchantedLink.signUpOrIn'], responseOf(body), tokenNames).ok

  it('is a success with a number and a reference', () => {
    expect(readLink(good)).toBe(true)
  })

  it.each([
    ['markup for a number', { linkId: '<b>' }],
    ['two lines', { linkId: '4\n2' }],
    ['no number', { linkId: '' }],
    ['a number that is no text', { linkId: 42 }],
    ['a number of 17 characters', { linkId: '4'.repeat(17) }],
    ['no reference', { pendingRef: '' }],
  ])('is none with %s', (_what, odd) => {
    expect(readLink({ ...good, ...odd })).toBe(false)
  })
})
