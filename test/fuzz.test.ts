import { createServer } from 'node:net'
import { startEmulator } from '@linkpass/emulator'
import { expect, test } from 'vitest'
import { expectQuietProcess } from '@linkpass/testing/vitest'
import { type Allowed, allowedBy } from '../tools/fuzz/allowed.ts'
import type { FuzzedRequest } from '../tools/fuzz/fuzzed-request.ts'
import { plantedCanary, plantedHeader, plantedMarkup } from '../tools/fuzz/attack-text.ts'
import { checkResponse } from '../tools/fuzz/check-response.ts'
import { createWire, type RawResponse, readResponse } from '../tools/fuzz/raw-http.ts'
import { fuzzRequests } from '../tools/fuzz/requests.ts'
import type { Tally } from '../tools/fuzz/tally.ts'
import { fuzzTokens } from '../tools/fuzz/tokens.ts'
import type { CredentialPool } from '../tools/fuzz/credential-pool.ts'
import { listenOnFreePort } from '@linkpass/testing'

expectQuietProcess()

const seed = 20_260_115
// Ends by its count, not by the time.
const endsAt = Infinity
const origin = 'http://127.0.0.1:1'

test('a short run of the fuzzing in process finds nothing', async () => {
  expect(missed(await fuzzTokens({ count: 500, seed, first: 0, endsAt }))).toEqual([])
})

test('a short run of the fuzzing through HTTP finds nothing', async () => {
  await using emulator = await startEmulator()
  const { url, projectId } = emulator
  const tally = await fuzzRequests({ url, projectId }, { count: 1500, seed, first: 0, endsAt })
  expect([...missed(tally), ...tally.violations]).toEqual([])
})

/** The counts that miss their limit; measurements count in a long `npm run fuzz` only. */
function missed({ findings }: Tally): string[] {
  return findings
    .filter(({ holds, measured }) => !holds && !measured)
    .map(({ what, value, bar }) => `${what}: ${value} (${bar})`)
}

const nothing: Allowed = {
  session: undefined,
  refreshed: undefined,
  link: undefined,
  waiting: undefined,
}
const jwtOf = (sub: string): string =>
  `e30.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.c2ln`

const valid = { session: jwtOf('U1'), refresh: 'the-refresh-token-of-U1', old: jwtOf('U1-old') }
const pool: CredentialPool = {
  users: [],
  expiredUsers: [],
  links: [],
  waiting: [],
  sessions: new Map([[valid.session, 'U1']]),
  expired: new Map([[valid.old, 'U1']]),
  refreshes: new Map([[valid.refresh, 'U1']]),
  used: [],
  ended: new Map(),
  loggingOut: new Set(['the-refresh-token-of-a-user-who-logs-out']),
  secrets: new Set([valid.session, valid.refresh]),
  dropLinks: () => {},
  refill: async () => {},
  beginLogout: () => {},
  recordLogout: () => {},
}

function requestOf(parts: Partial<FuzzedRequest>): FuzzedRequest {
  return {
    method: 'GET',
    mount: '',
    route: '/me',
    target: '/me',
    headers: [],
    cookies: [],
    authorization: undefined,
    link: undefined,
    approves: undefined,
    isValid: false,
    framing: 'complete',
    bytes: Buffer.from('GET /me HTTP/1.1\r\n\r\n'),
    ...parts,
  }
}

const DS = (value: string) => ['DS', value] as const
const DSR = (value: string) => ['DSR', value] as const

test.each<[string, Partial<FuzzedRequest>, Partial<Allowed>]>([
  ['a valid session', { cookies: [DS(valid.session)] }, { session: 'U1' }],
  ['the same with a no-break space', { cookies: [DS(`${valid.session}\u00a0`)] }, {}],
  ['two different session cookies', { cookies: [DS(valid.session), DS('x')] }, {}],
  ['a Bearer token', { authorization: `bearer ${valid.session}` }, { session: 'U1' }],
  [
    'an invalid Bearer token beside a valid cookie',
    { authorization: 'Bearer x', cookies: [DS(valid.session)] },
    {},
  ],
  ['a refresh token', { cookies: [DSR(valid.refresh)] }, { refreshed: 'U1' }],
  [
    'a refresh token with an expired session',
    { cookies: [DS(valid.old), DSR(valid.refresh)] },
    { refreshed: 'U1' },
  ],
  ['a refresh token with a forged session', { cookies: [DS('x'), DSR(valid.refresh)] }, {}],
  ['a guard that never refreshes', { route: '/api', cookies: [DSR(valid.refresh)] }, {}],
  [
    'a POST from another site',
    { method: 'POST', cookies: [DS(valid.session)], headers: [['origin', 'https://evil.test']] },
    {},
  ],
])('what a request allows is what is documented: %s', (_what, parts, allowed) => {
  expect(allowedBy(requestOf(parts), origin, pool)).toEqual({ ...nothing, ...allowed })
})

const responseOf = (parts: Partial<RawResponse>): RawResponse => ({
  status: 200,
  headers: [],
  body: '',
  ...parts,
})
const cookie = 'Max-Age=1; Path=/; HttpOnly; SameSite=Lax'

test.each<[string, Partial<RawResponse>]>([
  ['a session that was not allowed', { body: '{"userId":"U2"}' }],
  ['a session that was not allowed', { status: 204 }],
  [
    'a cookie that was not allowed',
    { headers: [['set-cookie', `DS=${valid.session}; ${cookie}`]] },
  ],
  ['a cookie with other attributes', { headers: [['set-cookie', 'DS=; Path=/']] }],
  ['a cookie that caches may keep', { headers: [['set-cookie', `DS=; ${cookie}`]] }],
  ['status 500', { status: 500 }],
  ['a redirect to another origin', { status: 303, headers: [['location', '//evil.test']] }],
  [
    'a redirect to another origin',
    { status: 303, headers: [['location', '/auth/sign-in?returnTo=http%3A%2F%2Fevil.test']] },
  ],
  ['a header that the sender injected', { headers: [[plantedHeader, '1']] }],
  ['the value of a request header', { body: plantedCanary }],
  ["the sender's markup", { headers: [['content-type', 'text/html']], body: plantedMarkup }],
  ['a token', { body: valid.refresh }],
])('the check reports %s', (violation, parts) => {
  const exchange = { responses: [responseOf(parts)], stray: '', ms: 1 }
  const { violations } = checkResponse(requestOf({}), nothing, exchange, { pool, origin })
  expect(violations.join()).toContain(violation)
})

test('the check reports no response, two responses, and a refused valid request', () => {
  const refused = responseOf({ status: 401 })
  const verdictOn = (responses: RawResponse[], parts: Partial<FuzzedRequest> = {}): string =>
    checkResponse(
      requestOf(parts),
      nothing,
      { responses, stray: '', ms: 1 },
      { pool, origin },
    ).violations.join()
  expect(verdictOn([])).toBe('0 responses')
  expect(verdictOn([refused, refused])).toBe('2 responses')
  expect(verdictOn([refused], { isValid: true })).toBe('a valid request refused with 401')
  expect(verdictOn([refused])).toBe('')
  // A logout is pending, and either request may have come first.
  const cookies = [DSR('the-refresh-token-of-a-user-who-logs-out')]
  expect(verdictOn([refused], { isValid: true, cookies })).toBe('')
})

test.each([
  ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP', false, 'ab', 'HTTP'],
  ['to HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', true, '', ''],
  [
    'in chunks',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\nx',
    false,
    'ab',
    'x',
  ],
  ['after 100', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', false, '', ''],
])('a response %s is read to its end and no further', (_what, received, isHead, body, rest) => {
  expect(readResponse(received, isHead)).toMatchObject({ response: { status: 200, body }, rest })
})

test('bytes after a response are reported', async () => {
  await using server = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\nmore'))
  })
  const wire = createWire(await listenOnFreePort(server))
  const { responses, stray } = await wire.send(
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    'complete',
    false,
  )
  expect(responses.map(({ status }) => status)).toEqual([204])
  expect(stray).toBe('more')
  wire.close()
})
