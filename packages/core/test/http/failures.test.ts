import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { Agent, Pool } from 'undici'
import { describe, expect, it } from 'vitest'
import { closedPort, selfSigned, startBrokenServer, startStub } from '@linkpass/testing'
import { expectQuietProcess } from '@linkpass/testing/vitest'
import { createDescopeClient, type DescopeClient } from '../../src/client.ts'
import type { ClientOptions } from '../../src/options.ts'
import { projectId, refreshJwt } from '../fixtures.ts'

expectQuietProcess()

function clientOf(baseUrl: string, options: Partial<ClientOptions> = {}): DescopeClient {
  return createDescopeClient({ projectId, baseUrl, timeoutMs: 5000, ...options })
}

/** A POST that would mail a second link if it were repeated. */
function requestLink(client: DescopeClient) {
  return client.magicLink.signUpOrIn.email('ada@example.test')
}

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'

describe('a connection that fails', () => {
  it('is ERR_NETWORK when it is refused by the host, and nothing was processed', async () => {
    await using client = clientOf(`http://127.0.0.1:${await closedPort()}`)
    expect(await requestLink(client)).toMatchObject({
      ok: false,
      code: 0,
      error: { code: 'ERR_NETWORK', mayHaveBeenProcessed: false, errorCode: 'ERR_NETWORK' },
    })
  })

  it('is ERR_NETWORK when it is reset before the request was read', async () => {
    await using server = await startBrokenServer((socket) => socket.resetAndDestroy(), 'connected')
    await using client = clientOf(server.url)
    expect((await requestLink(client)).error?.code).toBe('ERR_NETWORK')
    expect(server.received).toEqual([])
  })

  it('is ERR_NETWORK when it is reset after the request was read, and the POST is not repeated', async () => {
    await using server = await startBrokenServer((socket) => socket.resetAndDestroy())
    await using client = clientOf(server.url)
    const { error } = await requestLink(client)
    expect(error).toMatchObject({ code: 'ERR_NETWORK', mayHaveBeenProcessed: true })
    expect(server.received).toHaveLength(1)
  })

  it('is tried once more for a GET', async () => {
    await using server = await startBrokenServer((socket) => socket.resetAndDestroy())
    await using client = clientOf(server.url)
    expect((await client.me(refreshJwt)).error?.code).toBe('ERR_NETWORK')
    expect(server.received).toHaveLength(2)
  })

  it('does not fail a GET when only the first attempt fails', async () => {
    const body = JSON.stringify({ userId: 'U2', loginIds: [] })
    await using server = await startBrokenServer((socket) => {
      if (server.received.length === 1) socket.resetAndDestroy()
      else socket.end(`${head}content-length: ${body.length}\r\n\r\n${body}`)
    })
    await using client = clientOf(server.url)
    expect(await client.me(refreshJwt)).toMatchObject({ ok: true, data: { userId: 'U2' } })
  })

  it('is ERR_NETWORK when it is reset in the middle of the body', async () => {
    await using server = await startBrokenServer((socket) => {
      socket.write(`${head}content-length: 100\r\n\r\n{"maskedEmail":`, () =>
        socket.resetAndDestroy(),
      )
    })
    await using client = clientOf(server.url)
    const { error } = await requestLink(client)
    expect(error).toMatchObject({ code: 'ERR_NETWORK', mayHaveBeenProcessed: true })
    expect(server.received).toHaveLength(1)
  })

  it('is ERR_NETWORK when the body ends early', async () => {
    await using server = await startBrokenServer((socket) => {
      socket.end(`${head}content-length: 100\r\n\r\n{"maskedEmail":"a"}`)
    })
    await using client = clientOf(server.url)
    expect((await requestLink(client)).error?.code).toBe('ERR_NETWORK')
  })

  it('is ERR_NETWORK when the server does not speak HTTP', async () => {
    await using server = await startBrokenServer((socket) =>
      socket.end('220 mail.example.test\r\n'),
    )
    await using client = clientOf(server.url)
    expect((await requestLink(client)).error?.code).toBe('ERR_NETWORK')
    expect(server.received).toHaveLength(1)
  })

  it('is ERR_TIMEOUT when there is no response before the deadline', async () => {
    await using server = await startBrokenServer(() => {})
    await using client = clientOf(server.url, { timeoutMs: 2000 })
    const { error } = await requestLink(client)
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT', mayHaveBeenProcessed: true })
    expect(server.received).toHaveLength(1)
  })

  it('is ERR_TIMEOUT when the body takes longer than the deadline', async () => {
    await using server = await startBrokenServer((socket) => {
      socket.write(`${head}content-length: 1000\r\n\r\n`)
      const drip = setInterval(() => socket.write(' '), 10)
      socket.on('close', () => clearInterval(drip))
    })
    await using client = clientOf(server.url, { timeoutMs: 500 })
    expect((await requestLink(client)).error?.code).toBe('ERR_TIMEOUT')
  })

  it('is ERR_TIMEOUT, and nothing was processed, when the deadline passes in the queue', async () => {
    await using server = await startBrokenServer(() => {})
    const dispatcher = new Pool(server.url, { connections: 1 })
    await using client = clientOf(server.url, { timeoutMs: 600_000, dispatcher })
    const abort = new AbortController()
    const first = requestLink(client.with({ signal: abort.signal }))
    // The second gives up while the first still holds the only connection.
    const second = await requestLink(client.with({ timeoutMs: 100 }))
    abort.abort()
    expect((await first).error?.code).toBe('ERR_ABORTED')
    expect(second.error).toMatchObject({ code: 'ERR_TIMEOUT', mayHaveBeenProcessed: false })
    await dispatcher.destroy()
  })

  it('is ERR_NETWORK when the certificate is self-signed, and no request is made', async () => {
    let requests = 0
    const server = createTlsServer(selfSigned, () => {
      requests += 1
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await using client = clientOf(`https://127.0.0.1:${port}`)
    const { error } = await requestLink(client)
    expect(error).toMatchObject({ code: 'ERR_NETWORK', mayHaveBeenProcessed: false })
    expect(error?.message).toContain('SELF_SIGNED')
    expect(requests).toBe(0)
    await new Promise((resolve) => server.close(resolve))
  })

  it('is ERR_NETWORK when the name does not resolve', async () => {
    const notFound = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })
    const dispatcher = new Agent({
      connect: { lookup: (_host, _options, done) => done(notFound, '', 4) },
    })
    await using client = clientOf('https://auth.example.test', { dispatcher })
    const { error } = await requestLink(client)
    expect(error).toMatchObject({ code: 'ERR_NETWORK', mayHaveBeenProcessed: false })
    expect(error?.message).toContain('ENOTFOUND')
    await dispatcher.close()
  })
})

describe('an unusable response', () => {
  it.each([301, 302, 303, 307, 308])('is not followed when it is a %i', async (status) => {
    await using canary = await startStub(() => ({ body: { maskedEmail: 'x' } }))
    const location = `${canary.url}/v1/auth/magiclink/signup-in/email`
    const body = { maskedEmail: 'a' }
    await using stub = await startStub(() => ({ status, headers: { location }, body }))
    await using client = clientOf(stub.url)
    expect(await requestLink(client)).toMatchObject({
      ok: false,
      code: 0,
      error: { code: 'ERR_RESPONSE_INVALID', mayHaveBeenProcessed: true },
    })
    expect(stub.seen).toHaveLength(1)
    expect(canary.seen).toEqual([])
  })

  it.each([
    ['empty', ''],
    ['white space', ' \n'],
    ['HTML from a proxy', '<!doctype html><title>Welcome</title>'],
    ['cut JSON', '{"maskedEmail":"a'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a string', '"maskedEmail"'],
    ['an object without the field', '{}'],
    ['a field of another type', '{"maskedEmail":1}'],
    ['100,000 nested lists', '['.repeat(100_000)],
  ])('is ERR_RESPONSE_INVALID when its body is %s', async (_what, body) => {
    await using stub = await startStub(() => ({ body }))
    await using client = clientOf(stub.url)
    const result = await requestLink(client)
    expect(result).toMatchObject({
      ok: false,
      code: 0,
      error: { code: 'ERR_RESPONSE_INVALID', mayHaveBeenProcessed: true },
    })
  })

  it('whose framing is wrong leaves no token in any property of the error', async () => {
    const tokens = JSON.stringify({
      sessionJwt: 'a-secret-session',
      refreshJwt: 'a-secret-refresh',
    })
    await using server = await startBrokenServer((socket) => {
      socket.end(`${head}transfer-encoding: chunked\r\n\r\n${tokens}`)
    })
    await using client = clientOf(server.url)
    const { error } = await client.magicLink.verify('a-token-of-some-link')
    expect(error?.code).toBe('ERR_NETWORK')
    expect(inspect(error, { depth: 20, showHidden: true, getters: true })).not.toContain('a-secret')
    expect(JSON.stringify(structuredClone(error?.cause))).not.toContain('a-secret')
  })

  it('is read whole from chunks of one byte', async () => {
    const text = JSON.stringify({ maskedEmail: `ä${'x'.repeat(300)}` })
    await using server = await startBrokenServer((socket) => {
      socket.write(`${head}transfer-encoding: chunked\r\n\r\n`)
      for (const byte of Buffer.from(text)) {
        socket.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]))
      }
      socket.end('0\r\n\r\n')
    })
    await using client = clientOf(server.url)
    expect(await requestLink(client)).toMatchObject({ ok: true, data: JSON.parse(text) })
  })

  it('is cut off at 1 MiB of 64', async () => {
    const chunk = 'x'.repeat(64 * 1024)
    let written = 0
    await using server = await startBrokenServer((socket) => {
      socket.write(`${head}content-length: ${64 * 1024 * 1024}\r\n\r\n`)
      const pour = () => {
        while (!socket.destroyed && written < 1024) {
          written += 1
          if (!socket.write(chunk)) return
        }
      }
      socket.on('drain', pour)
      pour()
    })
    await using client = clientOf(server.url)
    expect((await requestLink(client)).error?.code).toBe('ERR_RESPONSE_INVALID')
    expect(written).toBeLessThan(1024)
  })
})

describe('an error response', () => {
  const errorResponse = {
    errorCode: 'E062108',
    errorDescription: 'User not found',
    errorMessage: 'Cannot find user',
    message: 'Cannot find user',
  }

  it.each([400, 401, 403, 404, 409, 418, 422, 500, 502, 504, 599])(
    'with status %i is a ServiceError with the fields of the body',
    async (status) => {
      await using stub = await startStub(() => ({ status, body: errorResponse }))
      await using client = clientOf(stub.url)
      const { message: _, ...fields } = errorResponse
      expect(await requestLink(client)).toMatchObject({
        ok: false,
        code: status,
        error: { name: 'ServiceError', code: 'ERR_SERVICE_REFUSED', status, ...fields },
      })
      expect(stub.seen).toHaveLength(1)
    },
  )

  it.each([
    ['HTML', '<html>502 Bad Gateway</html>'],
    ['empty', ''],
    ['null', 'null'],
    ['a list', '[1]'],
    ['prose where the code goes', { errorCode: 'ada@example.test\r\nis unknown' }],
    ['fields of other types', { errorCode: 1, errorDescription: null, errorMessage: {} }],
  ])('whose body is %s is a ServiceError with empty fields', async (_what, body) => {
    await using stub = await startStub(() => ({ status: 502, body }))
    await using client = clientOf(stub.url)
    expect(await requestLink(client)).toMatchObject({
      code: 502,
      error: { status: 502, errorCode: '', errorDescription: '', errorMessage: '' },
    })
  })

  it.each(['0', 'E', 'E063010', '63'])(
    'keeps its code when the token %s is part of it',
    async (token) => {
      const body = { ...errorResponse, errorCode: 'E063010' }
      await using stub = await startStub(() => ({ status: 401, body }))
      await using client = clientOf(stub.url)
      expect((await client.magicLink.verify(token)).error?.errorCode).toBe('E063010')
    },
  )

  it('whose code quotes the token has none', async () => {
    const token = 'a-token-of-some-link'
    await using stub = await startStub(() => ({ status: 401, body: { errorCode: token } }))
    await using client = clientOf(stub.url)
    expect((await client.magicLink.verify(token)).error?.errorCode).toBe('')
  })

  it('with a long detail is cut to 500 characters, and a token in it is not repeated', async () => {
    const errorMessage = `bad token ${refreshJwt} ${'x'.repeat(2000)}`
    await using stub = await startStub(() => ({ status: 400, body: { errorMessage } }))
    await using client = clientOf(stub.url)
    const { error } = await requestLink(client)
    expect(error?.errorMessage).toHaveLength(500)
    expect(error?.errorMessage).toMatch(/^bad token \[redacted\] x+…$/)
  })

  it.each([
    [400, 'E011001', false],
    [429, '', false],
    [500, 'E000000', true],
    [502, '', true],
    [503, '', true],
    [504, '', true],
    // Pages of a proxy.
    [403, '', true],
    [408, '', true],
    [499, '', true],
  ])(
    'with status %i and code "%s" may have been processed: %s',
    async (status, errorCode, mayHaveBeenProcessed) => {
      await using stub = await startStub(() => ({ status, body: { errorCode } }))
      await using client = clientOf(stub.url)
      expect((await requestLink(client)).error).toMatchObject({ status, mayHaveBeenProcessed })
    },
  )

  it('that quotes the address, the number or a line break is printed without them', async () => {
    const errorDescription = 'No user\u001b[31m ada@example.test\r\nWARN forged\u2028\u202e'
    const errorMessage = 'Tried +15555550100, 15555550100 and Eve <eve@example.test>'
    await using stub = await startStub(() => ({
      status: 400,
      body: { errorDescription, errorMessage },
    }))
    await using client = clientOf(stub.url)
    const byPhone = await client.magicLink.signIn.sms('+15555550100')
    expect(byPhone.error).toMatchObject({
      errorDescription: 'No user [31m [redacted] WARN forged ',
      errorMessage: 'Tried +[redacted], [redacted] and Eve <[redacted]>',
    })
  })

  it.each([
    'Token expired, or used: see magic-link/verify (E062504).',
    'Cannot find the externalIdentifier "loginId": status 404, 31m; try again…',
    'Der Link ist abgelaufen; l’adresse n’est pas acceptée.',
    '用户不存在。ИСТЁК СРОК!',
  ])('with the prose %j keeps it', async (errorDescription) => {
    await using stub = await startStub(() => ({ status: 400, body: { errorDescription } }))
    await using client = clientOf(stub.url)
    expect((await requestLink(client)).error).toMatchObject({ errorDescription })
  })

  it('whose Retry-After came twice, also of a gateway, has the longer one', async () => {
    const headers = { 'retry-after': ['7', 'soon', '40'] }
    await using stub = await startStub(() => ({ status: 503, headers }))
    await using client = clientOf(stub.url)
    expect((await requestLink(client)).error).toMatchObject({ retryAfterSeconds: 40 })
  })

  it.each([
    ['30', 30],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 10],
    ['soon', undefined],
    [undefined, undefined],
  ])('with status 429 and Retry-After %s has retryAfterSeconds', async (value, seconds) => {
    const headers: Record<string, string> = value === undefined ? {} : { 'retry-after': value }
    await using stub = await startStub(() => ({ status: 429, headers }))
    const clock = { now: () => 0, monotonic: () => 0, sleep: async () => {} }
    await using client = clientOf(stub.url, { clock })
    const { error } = await requestLink(client)
    expect(error?.code).toBe('ERR_RATE_LIMITED')
    expect(error && 'retryAfterSeconds' in error ? error.retryAfterSeconds : undefined).toBe(
      seconds,
    )
    expect(stub.seen).toHaveLength(1)
  })
})

describe('a caller who ends a call', () => {
  it('before the call sends nothing', async () => {
    await using stub = await startStub(() => ({}))
    await using client = clientOf(stub.url)
    const { error } = await requestLink(client.with({ signal: AbortSignal.abort() }))
    expect(error).toMatchObject({ code: 'ERR_ABORTED', mayHaveBeenProcessed: false })
    expect(stub.sockets()).toBe(0)
  })

  it('during the call gets the error at once, with the reason as the cause', async () => {
    const abort = new AbortController()
    await using server = await startBrokenServer(() => abort.abort('enough'))
    await using client = clientOf(server.url)
    const { error } = await requestLink(client.with({ signal: abort.signal }))
    expect(error).toMatchObject({
      code: 'ERR_ABORTED',
      mayHaveBeenProcessed: true,
      cause: 'enough',
    })
  })

  it('with a shorter deadline than the client’s gets that deadline', async () => {
    await using server = await startBrokenServer(() => {})
    await using client = clientOf(server.url, { timeoutMs: 600_000 })
    expect((await requestLink(client.with({ timeoutMs: 50 }))).error?.code).toBe('ERR_TIMEOUT')
  })
})
