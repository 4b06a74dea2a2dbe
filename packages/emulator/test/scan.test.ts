import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../src/index.ts'
import { type Service, startService } from './service.ts'

let service: Service
let app: Server | undefined
const seen: string[] = []

beforeAll(async () => {
  service = await startService()
})
beforeEach(() => {
  service.emulator.reset()
  seen.length = 0
})
afterEach(() => {
  app?.close()
  app?.closeAllConnections()
  app = undefined
})
afterAll(() => service.emulator.close())

type Behaviour =
  | 'redeems on GET'
  | 'redeems on HEAD too'
  | 'shows a button first'
  | 'redeems for browsers'

/** Starts an app with the given behaviour at its callback; returns an email with a link to it. */
async function mailFor(behaviour: Behaviour): Promise<Message> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://app')
    seen.push(`${request.method} ${url.pathname}`)
    const token = url.searchParams.get('t')
    const isBrowser = request.headers['sec-fetch-mode'] === 'navigate'
    const redeems =
      behaviour === 'redeems on HEAD too' ||
      (behaviour === 'redeems on GET' && request.method === 'GET') ||
      (behaviour === 'redeems for browsers' && request.method === 'GET' && isBrowser) ||
      request.method === 'POST'
    const page = `<form method="post" action="/verify?t=${token}"><button>Sign in</button></form>`
    const redeemed = redeems ? service.post('/v1/auth/magiclink/verify', { token }) : undefined
    void Promise.resolve(redeemed).then(() => response.end(redeems ? 'Signed in' : page))
  })
  app = server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The server listens on a port, so its address is not a string.
  const { port } = server.address() as AddressInfo
  const redirectUrl = `http://127.0.0.1:${port}/verify`
  const body = { loginId: 'ada@example.test', redirectUrl }
  await service.post('/v1/auth/magiclink/signup-in/email', body)
  return service.emulator.inbox.waitFor()
}

describe('the scanner drill', () => {
  it.each([
    ['shows a button first', 'submit', true],
    ['redeems on GET', 'get', false],
    ['redeems on HEAD too', 'head', false],
    ['redeems for browsers', 'headless-get', false],
  ] as const)('detects that an app %s', async (behaviour, redeemedBy, safe) => {
    const mail = await mailFor(behaviour)
    const report = await service.emulator.inbox.scan(mail.id)
    expect(report).toMatchObject({ messageId: mail.id, outcome: 'completed', redeemedBy, safe })
    expect(report.visits.at(-1)).toMatchObject({ visit: redeemedBy, redeemed: true })
  })

  it('reports each request, without the token', async () => {
    const mail = await mailFor('shows a button first')
    const reply = await service.post(`/_emulator/messages/${mail.id}/scan`)
    expect(seen).toEqual([
      'HEAD /verify',
      'GET /verify',
      'GET /verify',
      'GET /verify',
      'POST /verify',
    ])
    expect(reply.text).not.toContain(mail.links[0]?.token)
    expect(Object(reply.body).visits.at(-1).requests).toEqual([
      { method: 'GET', path: '/verify', status: 200 },
      { method: 'POST', path: '/verify', status: 200 },
    ])
  })

  it('gives no verdict on a link that was used before, and visits none', async () => {
    const mail = await mailFor('shows a button first')
    await service.emulator.inbox.click(mail.id)
    seen.length = 0
    const report = await service.emulator.inbox.scan(mail.id)
    expect(report).toMatchObject({ outcome: 'used', redeemedBy: null, safe: null, visits: [] })
    expect(seen).toEqual([])
  })

  it('gives no verdict on a link that has expired', async () => {
    const mail = await mailFor('redeems on GET')
    service.emulator.clock.advance(601_000)
    const report = await service.emulator.inbox.scan(mail.id)
    expect(report).toMatchObject({ outcome: 'expired', safe: null, visits: [] })
  })

  it('gives no verdict on an enchanted email whose right link was used', async () => {
    await mailFor('redeems on GET')
    const redirectUrl = service.emulator.inbox.list()[0]?.links[0]?.url.split('?')[0]
    const body = { loginId: 'ada@example.com', redirectUrl }
    await service.post('/v1/auth/enchantedlink/signup-in/email', body)
    const [mail] = service.emulator.inbox.list()
    const token = mail?.links.find(({ number }) => number === mail.linkId)?.token
    await service.post('/v1/auth/enchantedlink/verify', { token })
    const report = await service.emulator.inbox.scan(mail?.id ?? '')
    expect(report).toMatchObject({ outcome: 'used', safe: null, visits: [] })
  })

  it('reports that the app is not running', async () => {
    await mailFor('shows a button first')
    app?.close()
    app?.closeAllConnections()
    const [mail] = service.emulator.inbox.list()
    const report = await service.emulator.inbox.scan(mail?.id ?? '')
    expect(report).toMatchObject({ outcome: 'unreachable', redeemedBy: null, safe: null })
    expect(report.visits[0]?.requests[0]).toMatchObject({ status: 0 })
    expect(report.visits[0]?.requests[0]?.problem).toContain('check that the app is running')
  })
})

describe('a click', () => {
  it('opens the link as a browser on a new device, and submits the form', async () => {
    const mail = await mailFor('shows a button first')
    const report = await service.emulator.inbox.click(mail.id)
    expect(report).toMatchObject({ messageId: mail.id, state: 'used' })
    expect(seen).toEqual(['GET /verify', 'POST /verify'])
  })

  it('selects a link of an enchanted email by number, by default the right one', async () => {
    await mailFor('shows a button first')
    const redirectUrl = service.emulator.inbox.list()[0]?.links[0]?.url.split('?')[0]
    const body = { loginId: 'ada@example.test', redirectUrl }
    await service.post('/v1/auth/enchantedlink/signup-in/email', body)
    const [mail] = service.emulator.inbox.list()
    expect((await service.emulator.inbox.click(mail?.id ?? '')).number).toBe(mail?.linkId)
    const path = `/_emulator/messages/${mail?.id}/click`
    const wrong = mail?.links.find(({ number }) => number !== mail.linkId)?.number
    expect(Object((await service.post(path, { number: wrong })).body).number).toBe(wrong)
    expect((await service.post(path, { number: '5' })).status).toBe(400)
    await expect(service.emulator.inbox.click('nope')).rejects.toThrow(RangeError)
  })
})
