import type { Emulator } from '@linkpass/emulator'
import { startEmulator } from '@linkpass/emulator'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  axeViolations,
  describeInChromium,
  errorsOf,
  eventually,
  looksAt,
  newPage,
  show,
  usabilityProblems,
} from '@linkpass/testing/chromium'

describeInChromium('the inbox, in Chromium', () => {
  let emulator: Emulator
  let page: Page
  let errors: readonly string[]

  beforeAll(async () => {
    emulator = await startEmulator()
  })

  beforeEach(async () => {
    emulator.reset()
    page = await newPage()
    errors = errorsOf(page)
    await page.goto(emulator.inboxUrl)
  })

  afterAll(() => emulator?.close())

  test('a message appears by itself, and says when its link was used', async () => {
    await expectHeading('No messages yet')
    await start('magiclink/signup-in/email', { loginId: 'ada@example.test' })
    await expectHeading('Sign in')
    await eventually(() => page.title()).toBe('(1) Inbox')
    const state = page.locator('#links .state')
    await eventually(() => state.innerText()).toMatch(/Unused, 9:\d\d left|Unused, 10:00 left/)
    await start('magiclink/verify', { token: emulator.inbox.list()[0]?.links[0]?.token })
    await eventually(() => state.innerText()).toMatch(/✓ Used/)
    expect(errors).toEqual([])
  })

  test('the clock buttons move time, and an expired link is shown as expired', async () => {
    await start('magiclink/signup-in/email', { loginId: 'ada@example.test' })
    await page.getByRole('button', { name: '+15 min' }).click()
    await eventually(() => page.locator('#links .state').innerText()).toContain('Expired')
    await eventually(() => page.locator('#clock').innerText()).toContain('15 min ahead')
  })

  test('an enchanted mail shows its three numbers, and the right one on request', async () => {
    await start('enchantedlink/signup-in/email', { loginId: 'ada@example.test' })
    await eventually(() => page.getByRole('link', { name: /^Open link \d\d$/ }).count()).toBe(3)
    const right = emulator.inbox.list()[0]?.linkId ?? ''
    const answer = page.locator('#answer p')
    expect(await answer.isVisible()).toBe(false)
    await page.getByText('Which number is right?').click()
    expect(await answer.textContent()).toContain(right)
    // An open section stays open when the page updates.
    await start('magiclink/signin/email', { loginId: 'nobody@example.test' })
    await eventually(() => page.locator('#tabs').innerText()).toContain('Requests 2')
    expect(await answer.isVisible()).toBe(true)
  })

  test('the scan report stays while new messages arrive', async () => {
    await start('magiclink/signup-in/email', { loginId: 'ada@example.test' })
    await page.getByText('What would a mail scanner do?').click()
    await page.getByRole('button', { name: 'Scan this message' }).click()
    const verdict = page.getByText('No result: the app did not respond.')
    await eventually(() => verdict.isVisible()).toBe(true)
    await start('magiclink/signin/email', { loginId: 'nobody@example.test' })
    await eventually(() => page.locator('#tabs').innerText()).toContain('Requests 2')
    expect(await verdict.isVisible()).toBe(true)
  })

  test('by keyboard: up and down move through the list, Enter opens', async () => {
    await start('magiclink/signup-in/email', { loginId: 'ada@example.test' })
    await start('magiclink/signup-in/sms', { loginId: '+447700900123' })
    await page.goto(emulator.inboxUrl)
    await page.locator('#messages a').first().focus()
    await page.keyboard.press('ArrowDown')
    // The focus is kept when the page updates.
    await start('magiclink/signin/email', { loginId: 'nobody@example.test' })
    await eventually(() => page.locator('#tabs').innerText()).toContain('Requests 3')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.meta').textContent()).toContain('ada@example.test')
  })

  test('the verdict of a scan is in view, on a desktop and on a phone', async () => {
    for (const size of [
      { width: 1280, height: 720 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(size)
      await start('magiclink/signup-in/email', { loginId: 'ada@example.com' })
      const [message] = emulator.inbox.list()
      await page.goto(`${emulator.inboxUrl}?message=${message?.id}`)
      await page.getByText('What would a mail scanner do?').click()
      await page.getByRole('button', { name: 'Scan this message' }).click()
      const verdict = page.locator('.verdict')
      await verdict.waitFor()
      const box = await verdict.boundingBox()
      expect(box?.y).toBeGreaterThanOrEqual(0)
      // Whole pixels: a browser does not scroll for a part of one.
      expect(Math.floor((box?.y ?? 0) + (box?.height ?? 0))).toBeLessThanOrEqual(size.height)
    }
    expect(errors).toEqual([])
  })

  test('by keyboard: "/" searches while typing, Escape shows all, down goes to the list', async () => {
    await start('magiclink/signup-in/email', { loginId: 'ada@example.com' })
    await start('magiclink/signup-in/email', { loginId: 'grace@example.com' })
    const rows = page.locator('#messages li')
    await eventually(() => rows.count()).toBe(2)
    await page.keyboard.press('/')
    await page.keyboard.type('ada')
    await eventually(() => rows.allInnerTexts()).toEqual([expect.stringContaining('ada@')])
    // A message that arrives while it is typed does not take the focus or the text.
    await start('magiclink/signup-in/email', { loginId: 'adam@example.com' })
    await eventually(() => rows.count()).toBe(2)
    await page.keyboard.type('m')
    await eventually(() => rows.allInnerTexts()).toEqual([expect.stringContaining('adam@')])
    expect(await page.locator('#search').inputValue()).toBe('adam')
    await page.reload()
    expect(await rows.count()).toBe(1)
    await page.locator('#search').focus()
    await page.keyboard.press('Escape')
    await eventually(() => rows.count()).toBe(3)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.meta').textContent()).toContain('grace@example.com')
    expect(errors).toEqual([])
  })

  test('a fault is shown on one line on a wide screen, and is whole on a phone', async () => {
    emulator.faults.add({ path: '/v1/auth/refresh', status: 429 })
    await page.goto(`${emulator.inboxUrl}?tab=requests`)
    const fault = page.locator('.faults code')
    await page.setViewportSize({ width: 1280, height: 720 })
    expect((await fault.boundingBox())?.height).toBeLessThan(30)
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await usabilityProblems(page)).toEqual([])
  })

  test('every message of the list has a row of the same height', async () => {
    await start('magiclink/signup-in/email', { loginId: 'ada@example.com' })
    await start('magiclink/signup-in/sms', { loginId: '+447700900123' })
    const grace = 'grace.with.a.rather.long.address@subdomain.of.a.company.example.com'
    await start('enchantedlink/signup-in/email', { loginId: grace })
    await eventually(() => page.locator('#messages li').count()).toBe(3)
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      const boxes = await Promise.all(
        (await page.locator('#messages li').all()).map((row) => row.boundingBox()),
      )
      expect(new Set(boxes.map((box) => Math.round(box?.height ?? 0))).size, String(width)).toBe(1)
    }
  })

  test('copying copies', async () => {
    const reader = await newPage({ permissions: ['clipboard-read', 'clipboard-write'] })
    await reader.goto(emulator.inboxUrl)
    await reader.getByRole('button', { name: 'Copy' }).first().click()
    await eventually(() => reader.evaluate('navigator.clipboard.readText()')).toContain(
      `DESCOPE_BASE_URL=${emulator.url}`,
    )
  })

  test('every tab is whole at 320, and in forced colours only the current one is underlined', async () => {
    await page.emulateMedia({ forcedColors: 'active' })
    await page.setViewportSize({ width: 320, height: 740 })
    await start('magiclink/signup-in/email', { loginId: 'ada@example.test' })
    await page.goto(`${emulator.inboxUrl}?tab=connect`)
    const tabs = await page.evaluate<[string, boolean, boolean][]>(
      `[...document.querySelectorAll('nav a')].map((tab) => [
        tab.firstChild.textContent.trim(),
        tab.getBoundingClientRect().right <= innerWidth,
        getComputedStyle(tab).borderBottomColor !== getComputedStyle(document.body).backgroundColor,
      ])`,
    )
    expect(tabs).toEqual([
      ['Messages', true, false],
      ['Requests', true, false],
      ['Connect', true, true],
    ])
  })

  test('every view is accessible in both themes, at 320 and 1280', async () => {
    await checkLooks('the empty inbox')
    await start('magiclink/signup-in/email', { loginId: 'ada@example.test' })
    await start('magiclink/signup-in/sms', { loginId: '+447700900123' })
    await start('magiclink/signin/email', { loginId: 'nobody@example.test' })
    const grace = 'grace.with.a.rather.long.address@subdomain.example.test'
    await start('enchantedlink/signup-in/email', { loginId: grace })
    emulator.faults.add({ path: '/v1/auth/*', status: 503, times: 2 })
    for (const { id, kind, channel } of emulator.inbox.list()) {
      await page.goto(`${emulator.inboxUrl}?project=${emulator.projectId}&message=${id}`)
      for (const summary of await page.locator('summary').all()) await summary.click()
      await checkLooks(`${channel} ${kind}`)
    }
    await page.goto(`${emulator.inboxUrl}?tab=requests`)
    await checkLooks('requests')
    await page.goto(`${emulator.inboxUrl}?tab=connect`)
    await checkLooks('connect')
    emulator.world('P2another0world0000000000000')
    await page.goto(emulator.inboxUrl)
    await checkLooks('the list, with another project to switch to')
    expect(errors).toEqual([])
  })

  async function checkLooks(name: string): Promise<void> {
    for (const look of looksAt(320, 1280)) {
      await show(page, look)
      const where = `${name} ${JSON.stringify(look)}`
      expect(await axeViolations(page), where).toEqual([])
      expect(await usabilityProblems(page), where).toEqual([])
    }
  }

  async function expectHeading(heading: string): Promise<void> {
    await eventually(() => page.getByRole('heading', { level: 2 }).last().innerText()).toBe(heading)
  }

  async function start(path: string, body: object): Promise<void> {
    await fetch(`${emulator.url}/v1/auth/${path}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${emulator.projectId}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(body),
    })
  }
})
