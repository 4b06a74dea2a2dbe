import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import {
  arriveSignedIn,
  cookieOf,
  expectSignedIn,
  sessionCookies,
  signInByKeyboard,
  startAccountApp,
} from './support/account-app.ts'
import { describeInChromium, person } from './support/in-chromium.ts'
import { expectHeading, tabTo } from './support/steps.ts'

const refreshCalls = '/v1/auth/refresh'
const minutes = 60_000

describeInChromium('the session routes', (version) => {
  test('POST /refresh by script brings a new session, and GET /session says until when', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await arriveSignedIn(page, app)
    const before = await cookieOf(page, app, 'DS')
    app.emulator.clock.advance(5 * minutes)
    const answer = await call(page, '/auth/refresh', 'POST')
    expect(answer).toEqual({ status: 200, body: { expiresAt: expect.any(Number) } })
    expect(await cookieOf(page, app, 'DS')).not.toBe(before)
    expect(await call(page, '/auth/session')).toMatchObject({ status: 200, body: answer.body })
    expect(app.calls(refreshCalls)).toBe(1)
  })

  test('POST /refresh by a form, without script and by keyboard, leads back', async () => {
    await using app = await startAccountApp({ version })
    const page = await person({ javaScriptEnabled: false })
    await signInByKeyboard(page, app)
    const before = await cookieOf(page, app, 'DS')
    app.emulator.clock.advance(5 * minutes)
    await tabTo(page, 'Stay signed in')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/account?refreshed')
    await expectSignedIn(page)
    expect(await cookieOf(page, app, 'DS')).not.toBe(before)
    expect(app.calls(refreshCalls)).toBe(1)
  })

  test('POST /refresh for a session that is over is 401, and its cookies go', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await arriveSignedIn(page, app)
    await app.client.logout((await cookieOf(page, app, 'DSR')) ?? '')
    const unauthorized = { status: 401, body: { error: 'unauthorized' } }
    expect(await call(page, '/auth/refresh', 'POST')).toEqual(unauthorized)
    expect(await sessionCookies(page, app)).toEqual([])
    expect(await call(page, '/auth/session')).toEqual(unauthorized)
  })

  test('T-58: ten requests of a page with one expired session make one refresh, and all succeed', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await arriveSignedIn(page, app)
    app.emulator.clock.advance(11 * minutes)
    const statuses = await page.evaluate<number[]>(`Promise.all(
      Array.from({ length: 10 }, async () => (await fetch('/auth/session')).status))`)
    expect(statuses).toEqual(Array.from({ length: 10 }, () => 200))
    expect(app.calls(refreshCalls)).toBe(1)
  })

  test('T-62: POST /email is about one’s own account, and takes the refresh token', async () => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await arriveSignedIn(page, app)
    const email = 'new@example.test'
    const named = await call(page, '/auth/email', 'POST', { email, loginId: 'eve@example.test' })
    expect(named).toEqual({ status: 400, body: { error: 'bad_request', field: 'loginId' } })
    await page.context().clearCookies({ name: 'DSR' })
    const alone = await call(page, '/auth/email', 'POST', { email })
    expect(alone.status).toBe(401)
    expect(app.calls('/v1/auth/magiclink/update/email')).toBe(0)
  })

  test('POST /logout-all by keyboard ends the session of the other browser, too', async () => {
    await using app = await startAccountApp({ version })
    const [here, there] = [await person({ javaScriptEnabled: false }), await person()]
    await signInByKeyboard(here, app)
    await arriveSignedIn(there, app)
    await tabTo(here, 'Sign out everywhere')
    await here.keyboard.press('Enter')
    await expectHeading(here, 'Sign in')
    expect(await sessionCookies(here, app)).toEqual([])
    app.emulator.clock.advance(11 * minutes)
    await there.reload()
    await expectHeading(there, 'Sign in')
    expect(await sessionCookies(there, app)).toEqual([])
  })

  test.each([
    ['Sign out', '/v1/auth/logout'],
    ['Sign out everywhere', '/v1/auth/logoutall'],
  ])('T-61: "%s" clears the cookies with the service out of reach, too', async (name, path) => {
    await using app = await startAccountApp({ version })
    const page = await person()
    await arriveSignedIn(page, app)
    app.emulator.faults.add({ path, drop: 'before', times: 'always' })
    await page.getByRole('button', { name, exact: true }).click()
    await expectHeading(page, 'Sign in')
    expect(await sessionCookies(page, app)).toEqual([])
  })
})

/** What a script of the page that is open hears from a route. */
function call(
  page: Page,
  path: string,
  method = 'GET',
  fields?: Readonly<Record<string, string>>,
): Promise<{ status: number; body: unknown }> {
  const body = fields && new URLSearchParams(fields).toString()
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const options = JSON.stringify({ method, ...(body !== undefined && { headers, body }) })
  return page.evaluate(`fetch('${path}', ${options}).then(async (answer) =>
    ({ status: answer.status, body: await answer.json() }))`)
}
