import type { Socket } from 'node:net'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { startBrokenServer } from '../../servers/broken-server.ts'
import { projectId } from '../../tokens/keys.ts'
import { startStub } from '../../servers/stub-server.ts'
import { createTokenIssuer } from '../../tokens/token-issuer.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { ada, postForm, postJson } from '../steps.ts'

const issuer = await createTokenIssuer()
const session = await issuer.session()
const token = 'a-one-time-token-that-no-one-may-see'
const quoted = `\u001B[31m${ada}\r\nFORGED LINE\u2028${session} ${token}`
const json = { errorCode: quoted, errorDescription: quoted, errorMessage: quoted, message: quoted }

function head(status: string, ...lines: readonly string[]): string {
  return [`HTTP/1.1 ${status}`, 'content-type: application/json', ...lines, '', ''].join('\r\n')
}

const services: Readonly<Record<string, (socket: Socket) => void>> = {
  'quotes the request in a 400': (socket) => {
    const body = JSON.stringify(json)
    socket.end(`${head('400 Bad', `content-length: ${Buffer.byteLength(body)}`)}${body}`)
  },
  'quotes the request in a gateway’s page': (socket) =>
    socket.end(`${head('502 Bad', `content-length: ${Buffer.byteLength(quoted)}`)}${quoted}`),
  'frames its response badly': (socket) =>
    socket.end(`${head('200 OK', 'transfer-encoding: chunked')}{"sessionJwt":"${session}"}`),
  'cuts its response': (socket) =>
    socket.end(
      `${head('200 OK', 'content-length: 9999')}{"sessionJwt":"${session}","refreshJwt":"`,
    ),
  'speaks no HTTP': (socket) => socket.end(`${quoted}\r\n\r\n`),
}

/** An app on a service of the test, whose keys it has. */
function startOn(adapter: TestAdapter, baseUrl: string, options = {}): Promise<TestApp> {
  const client = { projectId, publicKey: issuer.publicKey, baseUrl }
  return adapter.start({ allowBareLinks: true, limits: false, client, ...options })
}

/** What is printed, logged and published while `work` runs. */
async function heardDuring(work: () => Promise<unknown>): Promise<string> {
  const heard: unknown[] = []
  const note = (message: unknown): void => void heard.push(message)
  const channels = ['linkpass:request:error', 'linkpass:sign-in:refused']
  process.on('warning', note)
  for (const name of channels) subscribe(name, note)
  try {
    await work()
    await new Promise(setImmediate)
  } finally {
    process.off('warning', note)
    for (const name of channels) unsubscribe(name, note)
  }
  return heard.map((message) => inspect(message, { depth: 9, showHidden: true })).join('\n')
}

/** A service whose responses cannot be used. */
export function unusableResponseCases(adapter: TestAdapter): void {
  describe(`a service whose responses are unusable, on ${adapter.name}`, () => {
    test.each(Object.keys(services))(
      'P18: one that %s puts no secret and no line into a response, a log or an event',
      async (what) => {
        await using service = await startBrokenServer(services[what] ?? (() => {}))
        const lines: string[] = []
        const logger = {
          debug: (line: string) => lines.push(line),
          warn: (line: string) => lines.push(line),
        }
        const client = { projectId, publicKey: issuer.publicKey, baseUrl: service.url, logger }
        await using app = await startOn(adapter, service.url, { client })
        const bodies: string[] = []
        const heard = await heardDuring(async () => {
          for (const path of ['/auth/magic-link', '/auth/verify']) {
            const fields = path === '/auth/verify' ? { t: token } : { loginId: ada }
            bodies.push((await postJson(app.browser(), path, fields)).body)
            const page = await app.browser().visit(path, { form: fields })
            bodies.push(page.body.replaceAll(/value="[^"]*"/g, ''))
          }
        })
        const all = [heard, ...lines, ...bodies].join('\n')
        for (const secret of [session, token, 'FORGED', '\u001B', '\u2028']) {
          expect(all).not.toContain(secret)
        }
        expect(heard + lines.join()).not.toContain(ada)
      },
    )

    test('P31: a response in chunks of one byte is read, and one without end is not', async () => {
      const body = JSON.stringify({ maskedEmail: 'a***@example.test' })
      let isEndless = false
      await using service = await startBrokenServer((socket) => {
        socket.write(head('200 OK', 'transfer-encoding: chunked'))
        if (isEndless) socket.write(`${'1\r\nx\r\n'.repeat(1_200_000)}0\r\n\r\n`)
        else socket.end(`${body.replaceAll(/./g, '1\r\n$&\r\n')}0\r\n\r\n`)
      })
      await using app = await startOn(adapter, service.url)
      const send = async (): Promise<number> =>
        (await postJson(app.browser(), '/auth/magic-link', { loginId: ada })).status
      expect(await send()).toBe(202)
      isEndless = true
      expect(await send()).toBe(503)
    })

    test('P33: a Retry-After of the service counts for an hour at most', async () => {
      let retryAfter = '2143891911'
      await using service = await startStub(() => ({
        status: 429,
        headers: { 'retry-after': retryAfter },
        body: {},
      }))
      await using app = await startOn(adapter, service.url)
      for (const far of [retryAfter, 'Fri, 01 Jan 2094 00:00:00 GMT']) {
        retryAfter = far
        const limited = await postJson(app.browser(), '/auth/magic-link', { loginId: ada })
        expect([limited.status, limited.headers['retry-after']]).toEqual([429, '3600'])
      }
      for (const odd of ['-1', '1e9', 'soon', '']) {
        retryAfter = odd
        const limited = await postJson(app.browser(), '/auth/magic-link', { loginId: ada })
        expect(limited.status).toBe(429)
        expect(limited.headers['retry-after'] ?? '1').toMatch(/^\d{1,4}$/)
      }
    })

    test('P33: a 503 of the service is passed on with its Retry-After', async () => {
      await using service = await startStub(() => ({
        status: 503,
        headers: { 'retry-after': '120' },
        body: {},
      }))
      await using app = await startOn(adapter, service.url)
      const browser = app.browser()
      for (const sent of [
        await postJson(browser, '/auth/magic-link', { loginId: ada }),
        await postJson(browser, '/auth/verify', { t: token }),
      ]) {
        expect([sent.status, sent.headers['retry-after']]).toEqual([503, '120'])
      }
    })

    test('P33: keys that the service puts off are not asked for again until then', async () => {
      await using service = await startStub(() => ({
        status: 503,
        headers: { 'retry-after': '40' },
        body: {},
      }))
      await using app = await adapter.start({ client: { projectId, baseUrl: service.url } })
      for (let visit = 0; visit < 5; visit += 1) {
        const headers = { accept: 'application/json', authorization: `Bearer ${session}` }
        const response = await app.browser().visit('/me', { headers })
        expect(response.status).toBe(503)
        expect(Number(response.headers['retry-after'])).toBeGreaterThan(30)
      }
      expect(service.seen.length).toBeLessThanOrEqual(2)
    })

    test('P34: a logout ends at its deadline while the keys are cold and hang', async () => {
      await using service = await startStub(() => new Promise(() => {}))
      await using app = await adapter.start({
        client: { projectId, baseUrl: service.url, timeoutMs: 300 },
      })
      const cookie = `${app.cookieNames.refresh}=${await issuer.refresh()}`
      const response = await postForm(app.browser(), '/auth/logout', {}, { cookie })
      expect(response.status).toBe(503)
      expect(response.headers['set-cookie']).toHaveLength(2)
    })
  })
}
