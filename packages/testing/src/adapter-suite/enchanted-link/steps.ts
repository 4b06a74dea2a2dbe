/** Steps of signing in by an enchanted link. */
import { expect } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import type { TestApp } from '../adapter.ts'
import { ada } from '../steps.ts'

/** Options of an app with enchanted links. */
export const enchanted = { methods: ['email', 'enchanted'] } as const

/** Requests an enchanted link, and returns the number on the waiting page. */
export async function requestNumber(app: TestApp, browser: Browser): Promise<string> {
  const page = await browser.open('/me')
  const hidden = /name="returnTo" value="([^"]*)"/.exec(page.body)?.[1] ?? ''
  const sent = await browser.visit('/auth/enchanted-link', {
    form: { loginId: ada, method: 'email', returnTo: hidden },
  })
  expect(sent.status).toBe(303)
  expect(sent.location).toBe('/auth/waiting')
  const waiting = await visitWaiting(app, browser)
  return /Choose (\d\d) in the email/.exec(waiting.body)?.[1] ?? ''
}

/** The three links of the newest mail, by their number. */
export async function linksByNumber(app: TestApp): Promise<Map<string, string>> {
  const message = await app.emulator.inbox.waitFor({ to: ada })
  return new Map(
    message.links.map(({ number, url }) => {
      const { pathname, search } = new URL(url)
      return [String(number), pathname + search]
    }),
  )
}

/** The code on the waiting page; undefined while it shows none. */
export async function codeOn(app: TestApp, screen: Browser): Promise<string | undefined> {
  const waiting = await visitWaiting(app, screen)
  return /Type (\d{4}) on your other device/.exec(waiting.body)?.[1]
}

/** What a user sends to approve, once a link is open: the code, where the waiting page shows one. */
export async function approval(app: TestApp, screen: Browser): Promise<Record<string, string>> {
  const code = await codeOn(app, screen)
  return { decision: 'approve', ...(code !== undefined && { code }) }
}

/** Opens the link with a number on a phone and approves the sign-in of the screen. */
export async function approve(
  app: TestApp,
  { screen, phone }: { readonly screen: Browser; readonly phone: Browser },
  number: string,
): Promise<void> {
  const page = await phone.visit((await linksByNumber(app)).get(number) ?? '')
  await phone.submit(page, await approval(app, screen))
}

/** The state of the sign-in that a browser waits for; the app asks the service once more while it is pending. */
export function stateOf(app: TestApp, browser: Browser): Promise<string> {
  return advancing(app, { asleepMs: 25_000, byMs: 1000 }, () => longPoll(browser))
}

/** The waiting page, which waits a little for news. */
export function visitWaiting(app: TestApp, browser: Browser): Promise<BrowserResponse> {
  return advancing(app, { asleepMs: 300, byMs: 300 }, () => browser.visit('/auth/waiting'))
}

/** What a request results in, with the clock moved on if the app sleeps for it. */
async function advancing<T>(
  app: TestApp,
  { asleepMs, byMs }: { readonly asleepMs: number; readonly byMs: number },
  send: () => Promise<T>,
): Promise<T> {
  const asleep = app.asleep(asleepMs).then(() => true)
  const sent = send()
  if (await Promise.race([asleep, sent.then(() => false)])) app.emulator.clock.advance(byMs)
  return await sent
}

/** The state of the sign-in that a browser waits for; a long poll while it is pending. */
export async function longPoll(browser: Browser): Promise<string> {
  const response = await browser.visit('/auth/enchanted-link/status?code=shown')
  return JSON.parse(response.body).state
}

/** The state after a long poll in which nothing happens. */
export async function stateAfterLongPoll(app: TestApp, browser: Browser): Promise<string> {
  const asleep = app.asleep(25_000)
  const polling = longPoll(browser)
  await asleep
  app.emulator.clock.advance(25_000)
  return await polling
}
