import { createServer } from 'node:net'
import { startEmulator } from '@linkpass/emulator'
import { expect, test } from 'vitest'
import { type Earned, earnedBy } from '../tools/fuzz/earned.ts'
import type { FuzzedRequest } from '../tools/fuzz/fuzzed-request.ts'
import { plantedCanary, plantedHeader, plantedMarkup } from '../tools/fuzz/hostile-text.ts'
import { judge } from '../tools/fuzz/judge.ts'
import { createWire, type RawAnswer, readAnswer } from '../tools/fuzz/raw-http.ts'
import { fuzzRequests } from '../tools/fuzz/requests.ts'
import type { Tally } from '../tools/fuzz/tally.ts'
import { fuzzTokens } from '../tools/fuzz/tokens.ts'
import type { Vault } from '../tools/fuzz/vault.ts'
import { listenOnFreePort } from '../tools/soak/listen-on-free-port.ts'
import { expectQuietProcess } from '../packages/core/test/quiet-process.ts'

expectQuietProcess()

const seed = 20_260_115
// By its count, and not by the time.
const endsAt = Infinity
const origin = 'http://127.0.0.1:1'

test('a short run of the fuzzing in process finds nothing', async () => {
  expect(missed(await fuzzTokens({ count: 500, seed, first: 0, endsAt }))).toEqual([])
}, 60_000)

test('a short run of the fuzzing through HTTP finds nothing', async () => {
  await using emulator = await startEmulator()
  const { url, projectId } = emulator
  const tally = await fuzzRequests({ url, projectId }, { count: 1500, seed, first: 0, endsAt })
  expect([...missed(tally), ...tally.complaints]).toEqual([])
}, 120_000)

/** What misses its bar and is a count; what is measured is for `npm run fuzz`, at full size. */
function missed({ findings }: Tally): string[] {
  return findings
    .filter(({ holds, measured }) => !holds && !measured)
    .map(({ what, value, bar }) => `${what}: ${value} (${bar})`)
}

const nobody: Earned = {
  session: undefined,
  refreshed: undefined,
  link: undefined,
  waiting: undefined,
}
const jwtOf = (sub: string): string =>
  `e30.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.c2ln`

const good = { session: jwtOf('U1'), refresh: 'the-refresh-token-of-U1', old: jwtOf('U1-old') }
const vault: Vault = {
  people: [],
  lapsed: [],
  links: [],
  waiting: [],
  sessions: new Map([[good.session, 'U1']]),
  expired: new Map([[good.old, 'U1']]),
  refreshes: new Map([[good.refresh, 'U1']]),
  spent: [],
  ended: new Map(),
  leaving: new Set(['the-refresh-token-of-one-who-leaves']),
  secrets: new Set([good.session, good.refresh]),
  forgetLinks: () => {},
  refill: async () => {},
  letLeave: () => {},
  logOut: () => {},
}

function requestOf(parts: Partial<FuzzedRequest>): FuzzedRequest {
  return {
    ...{ method: 'GET', mount: '', route: '/me', target: '/me', headers: [], cookies: [] },
    ...{ authorization: undefined, link: undefined, approves: undefined, isPlain: false },
    ...{ framing: 'whole', bytes: Buffer.from('GET /me HTTP/1.1\r\n\r\n') },
    ...parts,
  }
}

const DS = (value: string) => ['DS', value] as const
const DSR = (value: string) => ['DSR', value] as const

test.each<[string, Partial<FuzzedRequest>, Partial<Earned>]>([
  ['a good session', { cookies: [DS(good.session)] }, { session: 'U1' }],
  ['one in another spelling', { cookies: [DS(`${good.session}\u00a0`)] }, {}],
  ['one beside another', { cookies: [DS(good.session), DS('x')] }, {}],
  ['a Bearer token', { authorization: `bearer ${good.session}` }, { session: 'U1' }],
  ['a Bearer token alone', { authorization: 'Bearer x', cookies: [DS(good.session)] }, {}],
  ['a refresh token', { cookies: [DSR(good.refresh)] }, { refreshed: 'U1' }],
  [
    'one with an expired session',
    { cookies: [DS(good.old), DSR(good.refresh)] },
    { refreshed: 'U1' },
  ],
  ['one with a forged session', { cookies: [DS('x'), DSR(good.refresh)] }, {}],
  ['a guard that never refreshes', { route: '/api', cookies: [DSR(good.refresh)] }, {}],
  [
    'a POST of another site',
    { method: 'POST', cookies: [DS(good.session)], headers: [['origin', 'https://evil.test']] },
    {},
  ],
])('a request earns what is documented: %s', (_what, parts, earned) => {
  expect(earnedBy(requestOf(parts), origin, vault)).toEqual({ ...nobody, ...earned })
})

const answerOf = (parts: Partial<RawAnswer>): RawAnswer => ({
  ...{ status: 200, headers: [], body: '' },
  ...parts,
})
const cookie = 'Max-Age=1; Path=/; HttpOnly; SameSite=Lax'

test.each<[string, Partial<RawAnswer>]>([
  ['a session that was not earned', { body: '{"userId":"U2"}' }],
  ['a session that was not earned', { status: 204 }],
  ['a cookie that was not earned', { headers: [['set-cookie', `DS=${good.session}; ${cookie}`]] }],
  ['a cookie of another shape', { headers: [['set-cookie', 'DS=; Path=/']] }],
  ['a cookie that caches may keep', { headers: [['set-cookie', `DS=; ${cookie}`]] }],
  ['status 500', { status: 500 }],
  ['a redirect that leads elsewhere', { status: 303, headers: [['location', '//evil.test']] }],
  [
    'a redirect that leads elsewhere',
    { status: 303, headers: [['location', '/auth/sign-in?returnTo=http%3A%2F%2Fevil.test']] },
  ],
  ['a header that the sender put there', { headers: [[plantedHeader, '1']] }],
  ['what only a header said', { body: plantedCanary }],
  ["the sender's markup", { headers: [['content-type', 'text/html']], body: plantedMarkup }],
  ['a token', { body: good.refresh }],
])('the judge complains of %s', (complaint, parts) => {
  const exchange = { answers: [answerOf(parts)], stray: '', ms: 1 }
  const { complaints } = judge(requestOf({}), nobody, exchange, { vault, origin })
  expect(complaints.join()).toContain(complaint)
})

test('the judge complains of no answer, of two, and of a good request refused', () => {
  const refused = answerOf({ status: 401 })
  const verdictOn = (answers: RawAnswer[], parts: Partial<FuzzedRequest> = {}): string =>
    judge(
      requestOf(parts),
      nobody,
      { answers, stray: '', ms: 1 },
      { vault, origin },
    ).complaints.join()
  expect(verdictOn([])).toBe('0 answers')
  expect(verdictOn([refused, refused])).toBe('2 answers')
  expect(verdictOn([refused], { isPlain: true })).toBe('a good request refused with 401')
  expect(verdictOn([refused])).toBe('')
  // A logout is under way, and nobody can say which of the two came first.
  const cookies = [DSR('the-refresh-token-of-one-who-leaves')]
  expect(verdictOn([refused], { isPlain: true, cookies })).toBe('')
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
])('an answer %s is read to its end and no further', (_what, received, isHead, body, rest) => {
  expect(readAnswer(received, isHead)).toMatchObject({ answer: { status: 200, body }, rest })
})

test('bytes behind an answer are noticed', async () => {
  await using server = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\nmore'))
  })
  const wire = createWire(await listenOnFreePort(server))
  const { answers, stray } = await wire.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'whole', false)
  expect(answers.map(({ status }) => status)).toEqual([204])
  expect(stray).toBe('more')
  wire.close()
})
