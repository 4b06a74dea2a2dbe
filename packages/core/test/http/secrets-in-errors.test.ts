import { inspect } from 'node:util'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { closedPort, startBrokenServer, startStub } from '@linkpass/testing'
import { createDescopeClient, type DescopeClient } from '../../src/client.ts'
import { projectId, refreshJwt } from '../fixtures.ts'

const [address, phone, token, pendingRef, key] = [
  'secret-ada@example.test',
  '+15555550187',
  'secret-one-time-token',
  'secret-pending/reference+1=',
  'secret-management-key',
]
const session = 'eyJhbGciOiJub25lIn0.c2VjcmV0LXNlc3Npb24.c2VjcmV0LXNpZ25hdHVyZQ'
const encoded = encodeURIComponent(address)
const encodedRef = encodeURIComponent(pendingRef)
const texts = [address, encoded, encodedRef, phone, phone.slice(1), token, pendingRef, key]
const secrets = [...texts, session, refreshJwt]
const quoted = secrets.join(' and ')

/** A call that fails, and what of the secrets only its request holds. */
interface FailingCall {
  readonly sent: readonly string[]
  readonly fail: (client: DescopeClient) => Promise<{ readonly error?: unknown }>
}

const calls: Readonly<Record<string, FailingCall>> = {
  'a link by e-mail': {
    sent: [],
    fail: (client) => client.magicLink.signUpOrIn.email(address),
  },
  'a link by SMS': {
    sent: [phone, phone.slice(1)],
    fail: (client) => client.magicLink.signIn.sms(phone),
  },
  'a redemption': { sent: [token], fail: (client) => client.magicLink.verify(token) },
  'a poll': {
    sent: [pendingRef, encodedRef],
    fail: (client) => client.enchantedLink.getSession(pendingRef),
  },
  'a refresh': { sent: [], fail: (client) => client.refresh(refreshJwt) },
  'a change': {
    sent: [],
    fail: (client) => client.magicLink.update.email(address, address, refreshJwt),
  },
}

const json = { errorCode: quoted, errorDescription: quoted, errorMessage: quoted, message: quoted }

function response(head: string, body: string): (socket: Socket) => void {
  return (socket) => {
    socket.end(`HTTP/1.1 ${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
}

const servers: Readonly<Record<string, (socket: Socket) => void>> = {
  'an error that quotes the request': response('400 Bad', JSON.stringify(json)),
  'too many requests': response('429 Wait\r\nretry-after: 7', JSON.stringify(json)),
  'a page of a gateway': response('502 Bad', `<h1>${quoted}</h1>`),
  'a success of another shape': response('200 OK', JSON.stringify({ ...json, sessionJwt: 7 })),
  'cut JSON': response('200 OK', `{"sessionJwt":"${session}","refreshJwt":"`),
  'a redirect': response(`302 Found\r\nlocation: https://x.test/?t=${token}`, quoted),
  'no HTTP': (socket) => socket.end(`${quoted}\r\n\r\n`),
  'a wrong frame': (socket) =>
    socket.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${session}`),
  'a body that ends early': (socket) =>
    socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{"sessionJwt":"${session}"`),
  'a header that is too long': (socket) =>
    socket.end(`HTTP/1.1 200 OK\r\nx: ${session.repeat(500)}\r\n\r\n`),
  'a reset': (socket) => socket.resetAndDestroy(),
  'no response': () => {},
}

/** Every text that can be reached from an error: by own and inherited keys, and as it is printed. */
function textsOf(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || seen.has(value)) return []
  seen.add(value)
  const texts: string[] = []
  for (let owner: object | null = value; owner; owner = Object.getPrototypeOf(owner)) {
    for (const name of Reflect.ownKeys(owner)) {
      const member: unknown = Reflect.get(owner, name, value)
      texts.push(String(name), ...textsOf(member, seen))
    }
    if (owner === Error.prototype) break
  }
  return texts
}

// Addresses and tokens are recognised, whoever sent them.
function expectNoSecret(error: unknown, sent: readonly string[]): void {
  expect(error).toBeInstanceOf(Error)
  const printed = inspect(error, { depth: Infinity, showHidden: true, getters: true })
  const cloned = inspect(structuredClone(error), { depth: Infinity, showHidden: true })
  const all = [...textsOf(error), printed, cloned, String(error), JSON.stringify(error)].join('\n')
  for (const secret of [...sent, address, encoded, key, session, refreshJwt]) {
    expect(all).not.toContain(secret)
  }
}

describe.each(Object.entries(servers))('an error after %s', (_server, respond) => {
  test.each(Object.entries(calls))(
    'has no secret in any property: %s',
    async (_call, { fail, sent }) => {
      await using server = await startBrokenServer(respond)
      await using client = createDescopeClient({
        projectId,
        baseUrl: server.url,
        authManagementKey: key,
        timeoutMs: 300,
      })
      expectNoSecret((await fail(client)).error, sent)
    },
  )
})

test.each(Object.entries(calls))(
  'an error where no server listens has no secret in any property: %s',
  async (_call, { fail, sent }) => {
    const baseUrl = `http://127.0.0.1:${await closedPort()}`
    await using client = createDescopeClient({ projectId, baseUrl, authManagementKey: key })
    expectNoSecret((await fail(client)).error, sent)
  },
)

test.each(Object.entries(calls))(
  'what a logger gets has no secret: %s',
  async (_call, { fail }) => {
    const lines: string[] = []
    const logger = {
      debug: (line: string) => lines.push(line),
      warn: (line: string) => lines.push(line),
    }
    await using server = await startBrokenServer(response('400 Bad', JSON.stringify(json)))
    await using client = createDescopeClient({ projectId, baseUrl: server.url, logger })
    await fail(client)
    expect(lines.length).toBeGreaterThan(0)
    for (const secret of secrets) expect(lines.join('\n')).not.toContain(secret)
  },
)

test('P18: nor where the app has zod quote values in its messages', async () => {
  z.config({ customError: ({ input }) => `got ${JSON.stringify(input)}` })
  try {
    const user = { userId: 'U1', email: [address] }
    await using stub = await startStub(() => ({ body: { sessionJwt: [session], user } }))
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    const { error } = await client.magicLink.verify(token)
    expect(inspect(error)).toContain('"sessionJwt"')
    expectNoSecret(error, [token])
  } finally {
    z.config({ customError: undefined })
  }
})

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex')
}

test.each([
  ['percent-encoded twice', (text: string) => encodeURIComponent(encodeURIComponent(text))],
  ['each byte percent-encoded', (text: string) => hexOf(text).replaceAll(/../g, '%$&')],
  ['in hexadecimal', hexOf],
  ['in base64', (text: string) => Buffer.from(text).toString('base64')],
  ['in base64url', (text: string) => Buffer.from(text).toString('base64url')],
  ['escaped as in JSON', (text: string) => text.replaceAll(/\W/g, (one) => `\\u00${hexOf(one)}`)],
  ['escaped as in HTML', (text: string) => text.replaceAll(/\W/g, (one) => `&#x${hexOf(one)};`)],
  ['in capitals', (text: string) => text.toUpperCase()],
  ['with a wide @', (text: string) => text.replace('@', '\uFF20')],
])('P18: a secret that the service quotes %s is redacted', async (_how, encode) => {
  const quotedSecrets = ['ada.b+c1@example.test', '+447700900123', 'one-time_token.b7e0c1d29f8a']
  await using stub = await startStub(() => ({
    status: 400,
    body: {
      errorCode: encode('b7e0c1d29f8a'),
      errorDescription: `Bad loginId "${quotedSecrets.map(encode).join('": or <')}"!`,
    },
  }))
  await using client = createDescopeClient({ projectId, baseUrl: stub.url })
  expect((await client.magicLink.signUpOrIn.email(address)).error).toMatchObject({
    errorCode: '',
    errorDescription: expect.stringMatching(
      /^Bad loginId "\+?\[redacted\](": or <\+?\[redacted\]){2}"!$/,
    ),
  })
})
