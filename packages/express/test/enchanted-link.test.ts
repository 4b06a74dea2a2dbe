import { describe, expect, test } from 'vitest'
import { type TestApp, expressVersions, startApp } from './support/app.ts'
import type { Browser } from './support/browser.ts'
import { openRequests } from './support/open-requests.ts'

const enchanted = { methods: ['email', 'enchanted'] as const }
const address = 'ada@example.test'
const pollCalls = '/v1/auth/enchantedlink/pending-session'

async function start(browser: Browser): Promise<string> {
  const page = await browser.open('/me')
  const hidden = /name="returnTo" value="([^"]*)"/.exec(page.body)?.[1] ?? ''
  const sent = await browser.visit('/auth/enchanted-link', {
    form: { loginId: address, method: 'email', returnTo: hidden },
  })
  expect(sent.status).toBe(303)
  expect(sent.location).toBe('/auth/waiting')
  const waiting = await browser.visit('/auth/waiting')
  return /Press (\d\d) in the email/.exec(waiting.body)?.[1] ?? ''
}

/** The three links of the newest mail, by their number. */
async function links(app: TestApp): Promise<Map<string, string>> {
  const message = await app.emulator.inbox.waitFor({ to: address })
  return new Map(
    message.links.map(({ number, url }) => {
      const { pathname, search } = new URL(url)
      return [String(number), pathname + search]
    }),
  )
}

/** Opens the link of that number, and says yes. */
async function approve(app: TestApp, browser: Browser, number: string): Promise<void> {
  const page = await browser.visit((await links(app)).get(number) ?? '')
  const form = { ...browser.hiddenFields(page), decision: 'approve' }
  await browser.visit('/auth/enchanted-link/verify', { form })
}

async function status(browser: Browser): Promise<string> {
  const answer = await browser.visit('/auth/enchanted-link/status')
  return JSON.parse(answer.body).state
}

/** What the long poll answers when nothing happens for as long as it lasts. */
async function statusAfterLongPoll(app: TestApp, browser: Browser): Promise<string> {
  const asleep = app.asleep(25_000)
  const asking = status(browser)
  await asleep
  app.emulator.clock.advance(25_000)
  return await asking
}

describe.each(expressVersions)('an enchanted link, on Express %i', (version) => {
  test('the right number, approved on another device, signs in the screen that shows it', async () => {
    await using app = await startApp({ version, ...enchanted })
    const [screen, phone] = [app.browser(), app.browser()]
    const number = await start(screen)
    const link = (await links(app)).get(number) ?? ''
    expect(link).toMatch(/^\/auth\/enchanted-link\/verify\/[\w-]{22}\?t=/)

    const asking = status(screen)
    const page = await phone.visit(link)
    expect(page.body).toContain('a***@example.test')
    const approved = await phone.visit('/auth/enchanted-link/verify', {
      form: { ...phone.hiddenFields(page), decision: 'approve' },
    })
    expect(approved.status).toBe(200)
    expect(phone.cookieNames).not.toContain('DS')
    app.emulator.clock.advance(1000)
    expect(await asking).toBe('approved')

    const done = await screen.visit('/auth/enchanted-link/complete', { form: {} })
    expect(done.location).toBe('/me')
    expect((await screen.visit('/me')).status).toBe(200)
    expect((await phone.visit('/me')).status).toBe(303)
  })

  test('two tabs of the screen that waits are one onSignIn, and both arrive', async () => {
    const seen: boolean[] = []
    const onSignIn = ({ firstSeen }: { firstSeen: boolean }): unknown => seen.push(firstSeen)
    await using app = await startApp({ version, ...enchanted, onSignIn })
    const screen = app.browser()
    await start(screen)
    const message = await app.emulator.inbox.waitFor({ to: address })
    await app.emulator.inbox.click(message.id)
    expect(await status(screen)).toBe('approved')
    const tabs = [screen, screen.copy(), screen.copy()]
    const [first, second, late] = tabs.map((tab) => async () => {
      const answer = await tab.visit('/auth/enchanted-link/complete', { form: {} })
      return answer.location
    })
    expect(await Promise.all([first?.(), second?.()])).toEqual(['/me', '/me'])
    expect(await late?.()).toBe('/me')
    expect(seen).toEqual([true])
  })

  test('a click in the emulator’s inbox approves, as a person’s would', async () => {
    await using app = await startApp({ version, ...enchanted })
    const screen = app.browser()
    await start(screen)
    const message = await app.emulator.inbox.waitFor({ to: address })
    const report = await app.emulator.inbox.click(message.id)
    expect(report.state).toBe('used')
    expect(await status(screen)).toBe('approved')
  })

  test('T-31: a scanner that opens all three links approves nothing', async () => {
    await using app = await startApp({ version, ...enchanted })
    const [screen, scanner] = [app.browser(), app.browser()]
    await start(screen)
    for (const link of (await links(app)).values()) {
      for (const method of ['HEAD', 'GET', 'GET'] as const) await scanner.visit(link, { method })
    }
    expect(app.calls('/v1/auth/enchantedlink/verify')).toBe(0)
    expect(await statusAfterLongPoll(app, screen)).toBe('pending')
  })

  test('"this was not me" stops the sign-in, even if the link is approved afterwards', async () => {
    await using app = await startApp({ version, ...enchanted })
    const [screen, phone] = [app.browser(), app.browser()]
    const number = await start(screen)
    const link = (await links(app)).get(number) ?? ''
    const form = phone.hiddenFields(await phone.visit(link))
    const asking = status(screen)
    await phone.visit('/auth/enchanted-link/verify', { form: { ...form, decision: 'refuse' } })
    expect(await asking).toBe('refused')
    await phone.visit('/auth/enchanted-link/verify', { form: { ...form, decision: 'approve' } })
    expect(app.calls('/v1/auth/enchantedlink/verify')).toBe(0)
    expect(await status(screen)).toBe('refused')
    const done = await screen.visit('/auth/enchanted-link/complete', {
      form: {},
      headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin' },
    })
    expect(done.status).toBe(409)
    expect(screen.cookieNames).not.toContain('DS')
  })

  test('whoever approves what was refused is told that nobody was signed in', async () => {
    await using app = await startApp({ version, ...enchanted })
    const [screen, phone, tablet] = [app.browser(), app.browser(), app.browser()]
    const number = await start(screen)
    const link = (await links(app)).get(number) ?? ''
    const open = await tablet.visit(link)
    await phone.submit(await phone.visit(link), { decision: 'refuse' })

    const answers = [
      await tablet.submit(open, { decision: 'approve' }),
      await phone.visit(link),
      await tablet.visit(link),
    ]
    for (const { status: code, body } of answers) {
      expect(code).toBe(410)
      expect(body).toContain('nobody was signed in')
      expect(body).not.toMatch(/signing in now|name="decision"/)
    }
    const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
    const form = { ...tablet.hiddenFields(open), decision: 'approve' }
    const told = await tablet.visit('/auth/enchanted-link/verify', { form, headers })
    expect([told.status, told.body]).toEqual([410, '{"error":"attempt_refused"}'])
  })

  test('"this was not me" after the sign-in has completed is told that it comes too late', async () => {
    await using app = await startApp({ version, ...enchanted })
    const [screen, phone] = [app.browser(), app.browser()]
    const number = await start(screen)
    const link = (await links(app)).get(number) ?? ''
    const page = await phone.visit(link)
    await phone.submit(page, { decision: 'approve' })
    expect(await status(screen)).toBe('approved')
    await screen.visit('/auth/enchanted-link/complete', { form: {} })

    const late = await phone.submit(page, { decision: 'refuse' })
    expect(late.status).toBe(409)
    expect(late.body).toContain('signed in already')
    expect(late.body).not.toContain('Nobody got in')
    const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
    const form = { ...phone.hiddenFields(page), decision: 'refuse' }
    const told = await phone.visit('/auth/enchanted-link/verify', { form, headers })
    expect([told.status, told.body]).toEqual([409, '{"state":"completed"}'])
    expect((await phone.visit(link)).body).not.toContain('nobody was signed in')
  })

  test('T-63: another browser learns nothing of a sign-in it did not start', async () => {
    await using app = await startApp({ version, ...enchanted })
    await start(app.browser())
    const thief = app.browser()
    expect(await status(thief)).toBe('expired')
    const done = await thief.visit('/auth/enchanted-link/complete', { form: {} })
    expect(done.location).toBe('/auth/waiting')
    expect(thief.cookieNames).not.toContain('DS')
  })

  test('an unknown address gets a number too, and nothing ever comes of it', async () => {
    await using app = await startApp({ version, ...enchanted, mode: 'sign-in' })
    const screen = app.browser()
    const number = await start(screen)
    expect(number).toMatch(/^\d\d$/)
    expect(await statusAfterLongPoll(app, screen)).toBe('pending')
    app.emulator.clock.advance(10 * 60_000)
    expect(await status(screen)).toBe('expired')
    expect(screen.cookieNames).toEqual([])
  })

  test('T-50: a known and an unknown address get the same answer, cookie and all', async () => {
    await using app = await startApp({ version, ...enchanted, mode: 'sign-in' })
    await app.client.magicLink.signUpOrIn.email('bob@example.test', app.origin)
    const [link] = (await app.emulator.inbox.waitFor({ to: 'bob@example.test' })).links
    await app.client.magicLink.verify(link?.token ?? '')
    const shapes = ['bob@example.test', 'eve@example.test'].map(async (loginId) => {
      const browser = app.browser()
      const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
      const answer = await browser.visit('/auth/enchanted-link', { form: { loginId }, headers })
      const cookie = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.length)
      return [answer.status, Object.keys(JSON.parse(answer.body)), answer.body.length, cookie]
    })
    const [known, unknown] = await Promise.all(shapes)
    expect(unknown).toEqual(known)
  })

  test('completing works again after the answer was lost', async () => {
    await using app = await startApp({ version, ...enchanted })
    const [screen, phone] = [app.browser(), app.browser()]
    await approve(app, phone, await start(screen))
    expect(await status(screen)).toBe('approved')
    const lost = screen.copy()
    await lost.visit('/auth/enchanted-link/complete', { form: {} })
    const again = await screen.visit('/auth/enchanted-link/complete', { form: {} })
    expect(again.location).toBe('/me')
    expect((await screen.visit('/me')).status).toBe(200)
  })

  test('a tab that wakes up after another one has completed lands signed in, not on a form', async () => {
    await using app = await startApp({ version, ...enchanted, pages: { afterSignIn: '/me' } })
    const screen = app.browser()
    await start(screen)
    await app.emulator.inbox.click((await app.emulator.inbox.waitFor({ to: address })).id)
    expect(await status(screen)).toBe('approved')
    expect((await screen.visit('/auth/enchanted-link/complete', { form: {} })).status).toBe(303)
    const late = await screen.open('/auth/enchanted-link/complete', { form: {} })
    expect([late.status, late.location]).toEqual([200, undefined])
    expect(JSON.parse(late.body)).toHaveProperty('userId')
    expect((await app.browser().visit('/auth/waiting')).location).toBe('/auth/sign-in')
  })

  test('T-61: after signing out, completing again brings no session back', async () => {
    await using app = await startApp({ version, ...enchanted })
    const [screen, phone] = [app.browser(), app.browser()]
    await approve(app, phone, await start(screen))
    expect(await status(screen)).toBe('approved')
    await screen.copy().visit('/auth/enchanted-link/complete', { form: {} })
    await screen.visit('/auth/logout', { form: {} })
    await screen.visit('/auth/enchanted-link/complete', { form: {} })
    expect(screen.cookieNames).not.toContain('DS')
  })

  test('T-64: ten screens that wait are one poller, which ends when they have gone', async () => {
    const { before, count } = openRequests('/auth/enchanted-link/status')
    await using app = await startApp({ version, ...enchanted, before })
    const screen = app.browser()
    await start(screen)
    const cookie = `linkpass-pending=${screen.cookie('linkpass-pending')}`
    const gone = new AbortController()
    const waiting = []
    while (waiting.length < 10) {
      const asleep = app.asleep(25_000)
      const ask = { headers: { cookie }, signal: gone.signal }
      waiting.push(fetch(`${app.origin}/auth/enchanted-link/status`, ask))
      await asleep
    }
    const polls = app.calls(pollCalls)
    expect(polls).toBeLessThan(10)
    gone.abort()
    const ends = await Promise.allSettled(waiting)
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['rejected']))
    await expect.poll(count).toBe(0)
    // A poller that nobody has told would ask once or so in each of these seconds.
    for (let second = 0; second < 20; second += 1) {
      app.emulator.clock.advance(1000)
      await screen.visit('/auth/session')
    }
    // At most the one that was under way.
    expect(app.calls(pollCalls) - polls).toBeLessThanOrEqual(1)
  })

  test('T-63: the pending reference is in no page, no answer and no address', async () => {
    await using app = await startApp({ version, ...enchanted })
    const screen = app.browser()
    await start(screen)
    const [name] = screen.cookieNames.filter((one) => one.endsWith('pending'))
    expect(name).toBeDefined()
    expect(screen.cookie(name ?? '')).toMatch(/^eyJhbGciOiJkaXIi[\w-]*\.\./)
  })

  test('closing the adapter ends long polls', async () => {
    await using app = await startApp({ version, ...enchanted })
    const screen = app.browser()
    await start(screen)
    const asleep = app.asleep(25_000)
    const asking = status(screen)
    await asleep
    app.auth.close()
    expect(await asking).toBe('pending')
  })
})
