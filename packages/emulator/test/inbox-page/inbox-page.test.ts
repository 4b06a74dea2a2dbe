import { createServer } from 'node:http'
import { Script } from 'node:vm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { script } from '../../src/inbox-page/script.ts'
import { type Service, startService } from '../service.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
})

beforeEach(() => service.emulator.reset())

afterAll(() => service.emulator.close())

test('an empty inbox shows how to connect an app', async () => {
  const { emulator } = service
  const page = await open('/')
  expect(page).toContain('No messages yet')
  expect(page).toContain(`DESCOPE_PROJECT_ID=${emulator.projectId}`)
  expect(page).toContain(`DESCOPE_BASE_URL=${emulator.url}`)
  expect(page).toContain(`DESCOPE_MANAGEMENT_KEY=${emulator.managementKey}`)
})

test('an inbox with messages has a tab that shows how to connect an app', async () => {
  await sendLink('grace@example.test')
  expect(await open('/')).toContain('tab=connect')
  const page = await open('/?tab=connect')
  expect(page).toContain('Connect an app')
  expect(page).toContain(`DESCOPE_BASE_URL=${service.emulator.url}`)
})

test('the newest message is shown with its link first, and with the state of the link', async () => {
  await sendLink('grace@example.test')
  const [message] = service.emulator.inbox.list()
  const page = await open('/')
  expect(page).toContain(`href="${message?.links[0]?.url}"`)
  expect(page.indexOf('Open link')).toBeLessThan(page.indexOf('class="email-text"'))
  expect(page).toMatch(/Unused,\s+<span[^>]*>(10 min|9 min \d+ s)<\/span> left/)
  service.emulator.clock.advance(601_000)
  expect(await open('/')).toContain('Expired')
})

test.each([
  [
    'used',
    async (token: string) => void (await service.post('/v1/auth/magiclink/verify', { token })),
  ],
  ['expired', async () => service.emulator.clock.advance(601_000)],
])('a link that is %s says so first, and offers to open it last', async (state, change) => {
  await sendLink('grace@example.com')
  await change(service.emulator.inbox.list()[0]?.links[0]?.token ?? '')
  const page = await open('/')
  expect(page).not.toContain('>Open link</a')
  expect(page).not.toContain('class="open"')
  const place = page.indexOf(`class="state ${state}"`, page.indexOf('id="links"'))
  expect(place).toBeGreaterThan(0)
  expect(place).toBeLessThan(page.indexOf('Open it anyway'))
  expect(page).toContain('It needs a message whose links are unused')
  expect(page).not.toContain('Scan this message')
})

test.each(['magiclink', 'enchantedlink'])(
  'a link that opens an app on a phone is no link of the page, by %s',
  async (kind) => {
    const body = { loginId: 'ada@example.com', redirectUrl: 'myapp://verify' }
    await service.post(`/v1/auth/${kind}/signup-in/email`, body)
    const page = await open('/')
    expect(page).toContain('It opens an app')
    expect(page).not.toContain('target="_blank"')
  },
)

test('a search shows the messages that have all its words', async () => {
  await sendLink('ada@example.com')
  await sendLink('grace@example.com')
  const found = await open('/?q=Example.COM+grace')
  expect(found).toContain('<span class="to">grace@example.com</span>')
  expect(found).not.toContain('<span class="to">ada@example.com</span>')
  // The links of the list keep the search.
  expect(found).toMatch(/href="[^"]*q=Example\.COM\+grace&amp;message=/)
  const [message] = service.emulator.inbox.list({ to: 'ada@example.com' })
  const byToken = await open(`/?q=${message?.links[0]?.token}`)
  expect(byToken).toContain('<span class="to">ada@example.com</span>')
  expect(byToken).not.toContain('<span class="to">grace@example.com</span>')
  const none = await open(`/?q=${encodeURIComponent('<b>nobody</b>')}`)
  expect(none).toContain('No message has “&lt;b&gt;nobody&lt;/b&gt;” in it.')
})

test('a message of another project is not in this inbox', async () => {
  await sendLink('grace@example.test')
  const page = await open('/?project=P2another0world0000000000000')
  expect(page).not.toContain('grace@example.test')
  expect(page).toContain('<option value="P2another0world0000000000000" selected')
})

test('an empty inbox leads to the projects that have messages', async () => {
  expect(await open('/')).not.toContain('other projects')
  await sendLink('grace@example.test')
  const page = await open('/?project=P2another0world0000000000000')
  expect(page).toContain('No messages yet')
  const { projectId } = service.emulator
  expect(page).toContain(`<a href="/?project=${projectId}">${projectId}</a>`)
})

test('a rejected request is listed with its reason', async () => {
  await service.post('/v1/auth/magiclink/signin/email', { loginId: 'nobody@example.test' })
  const [entry] = service.emulator.requests()
  const page = await open('/?tab=requests')
  expect(page).toContain('/v1/auth/magiclink/signin/email')
  expect(page).toContain(entry?.errorCode)
  expect(page).toContain(entry?.hint)
})

test('XSS: an address and a redirect with markup in them are shown as text', async () => {
  const loginId = '"<script>alert(1)</script>"@example.test'
  await service.post('/v1/auth/magiclink/signup-in/email', {
    loginId,
    redirectUrl: 'http://localhost:3000/?x="><script>alert(2)</script>',
  })
  const page = await open('/')
  expect(page).not.toMatch(/<script>alert/)
})

test('the clock buttons advance the clock of the shown world', async () => {
  const { emulator } = service
  const before = emulator.clock.now()
  const response = await submit({ advanceSeconds: '900' }, {})
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe(`/?project=${emulator.projectId}`)
  expect(emulator.clock.now() - before).toBeGreaterThanOrEqual(900_000)
})

test.each([{}, { advanceSeconds: '' }, { advanceSeconds: '-60' }, { advanceSeconds: '1.5' }])(
  'the clock is not advanced by %j',
  async (fields) => {
    expect((await submit(fields, {})).status).toBe(400)
    expect(service.emulator.clock.offsetMs).toBe(0)
  },
)

test('the scanner drill reports each visit and the state of the link', async () => {
  await using app = await startApp()
  await sendLink('grace@example.test', `${app.url}/verify`)
  const [message] = service.emulator.inbox.list()
  const response = await submit({ scan: message?.id ?? '' }, {})
  const page = await response.text()
  expect(response.status).toBe(200)
  expect(page).toContain('Safe: no visit redeemed a link.')
  expect(page).toContain('HEAD /verify → 200')
})

test('the scanner drill of a used link gives no verdict', async () => {
  await sendLink('grace@example.com')
  const [message] = service.emulator.inbox.list()
  await service.post('/v1/auth/magiclink/verify', { token: message?.links[0]?.token })
  const page = await (await submit({ scan: message?.id ?? '' }, {})).text()
  expect(page).toContain('No result: a link of this message was used before.')
  expect(page).not.toMatch(/[^t] safe|>Safe/)
})

test('the scanner drill of an unknown message is a 404', async () => {
  expect((await submit({ scan: 'M0' }, {})).status).toBe(404)
})

test('a pending fault is shown above the requests', async () => {
  service.emulator.faults.add({ path: '/v1/auth/*', status: 503, times: 2 })
  const page = await open('/?tab=requests')
  expect(page).toContain('(2 left)')
  expect(page).toContain('{&quot;path&quot;:&quot;/v1/auth/*&quot;,&quot;status&quot;:503}')
})

test('CSRF: a page of another origin cannot advance the clock', async () => {
  for (const headers of [{ Origin: 'https://evil.test' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
    expect((await submit({ advanceSeconds: '900' }, headers)).status).toBe(403)
  }
  expect(service.emulator.clock.offsetMs).toBe(0)
})

test.each(['/?project=nonsense', '/?project='])('%s is rejected', async (path) => {
  expect((await fetch(service.emulator.url + path)).status).toBe(400)
})

test('the page runs its own script only', async () => {
  const response = await fetch(service.emulator.url)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(response.headers.get('referrer-policy')).toBe('same-origin')
  expect(await response.text()).not.toMatch(/<style|\sstyle=|\son[a-z]+=/)
  const served = await fetch(`${service.emulator.url}/_emulator/page/inbox.js`)
  expect(served.headers.get('content-type')).toContain('text/javascript')
  expect(() => new Script(script)).not.toThrow()
})

async function open(path: string): Promise<string> {
  const response = await fetch(service.emulator.url + path)
  expect(response.status).toBe(200)
  return response.text()
}

async function sendLink(
  loginId: string,
  redirectUrl = 'http://localhost:3000/auth/verify',
): Promise<void> {
  await service.post('/v1/auth/magiclink/signup-in/email', { loginId, redirectUrl })
}

function submit(
  fields: Record<string, string>,
  headers: Record<string, string>,
): Promise<Response> {
  const body = new URLSearchParams(fields)
  return fetch(service.emulator.url, { method: 'POST', body, headers, redirect: 'manual' })
}

/** An app whose every page has no button. */
async function startApp(): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((_, response) => response.end('<p>No button</p>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port was bound.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
