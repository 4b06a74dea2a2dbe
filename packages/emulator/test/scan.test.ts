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

type Manner = 'spends on GET' | 'spends on HEAD too' | 'asks first' | 'spends for browsers'

/** An app whose callback treats visits in the given manner; answers the mail that leads to it. */
async function mailFor(manner: Manner): Promise<Message> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://app')
    seen.push(`${request.method} ${url.pathname}`)
    const token = url.searchParams.get('t')
    const isBrowser = request.headers['sec-fetch-mode'] === 'navigate'
    const spends =
      manner === 'spends on HEAD too' ||
      (manner === 'spends on GET' && request.method === 'GET') ||
      (manner === 'spends for browsers' && request.method === 'GET' && isBrowser) ||
      request.method === 'POST'
    const page = `<form method="post" action="/verify?t=${token}"><button>Sign in</button></form>`
    const spent = spends ? service.post('/v1/auth/magiclink/verify', { token }) : undefined
    void Promise.resolve(spent).then(() => response.end(spends ? 'Signed in' : page))
  })
  app = server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // It listens on a port, so its address is one.
  const { port } = server.address() as AddressInfo
  const redirectUrl = `http://127.0.0.1:${port}/verify`
  const body = { loginId: 'ada@example.test', redirectUrl }
  await service.post('/v1/auth/magiclink/signup-in/email', body)
  return service.emulator.inbox.waitFor()
}

describe('the scanner drill', () => {
  it.each([
    ['asks first', 'submit', true],
    ['spends on GET', 'get', false],
    ['spends on HEAD too', 'head', false],
    ['spends for browsers', 'headless-get', false],
  ] as const)('finds out that an app %s', async (manner, spentBy, safe) => {
    const mail = await mailFor(manner)
    const report = await service.emulator.inbox.scan(mail.id)
    expect(report).toMatchObject({ messageId: mail.id, spentBy, safe })
    expect(report.visits.at(-1)).toMatchObject({ visit: spentBy, spent: true })
  })

  it('reports each request, without the token', async () => {
    const mail = await mailFor('asks first')
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

  it('says so when nothing listens where the link leads', async () => {
    await mailFor('asks first')
    app?.close()
    app?.closeAllConnections()
    const [mail] = service.emulator.inbox.list()
    const report = await service.emulator.inbox.scan(mail?.id ?? '')
    expect(report).toMatchObject({ spentBy: null, safe: true })
    expect(report.visits[0]?.requests[0]).toMatchObject({ status: 0 })
    expect(report.visits[0]?.requests[0]?.problem).toContain('Nothing listens')
  })
})

describe('a click', () => {
  it('opens the link as a person on a new device, and presses the button', async () => {
    const mail = await mailFor('asks first')
    const report = await service.emulator.inbox.click(mail.id)
    expect(report).toMatchObject({ messageId: mail.id, state: 'used' })
    expect(seen).toEqual(['GET /verify', 'POST /verify'])
  })

  it('chooses a number of an enchanted mail, else the right one', async () => {
    await mailFor('asks first')
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
