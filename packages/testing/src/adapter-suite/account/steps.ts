/** Steps of the cases about the account. */
import type { Browser } from '../../browser.ts'
import type { TestApp, TestAppOptions } from '../adapter.ts'
import { ada, postForm } from '../steps.ts'

/** Options of an app that lets its users change their addresses. */
export const changes: TestAppOptions = { account: { email: true, phone: true }, limits: false }

/** Steps the session of a signed-in user up, in the same browser. */
export async function stepUp(app: TestApp, browser: Browser, address = ada): Promise<void> {
  await postForm(browser, '/auth/step-up')
  const stepped = await browser.visit(await app.linkFor(address))
  if (stepped.status !== 303) throw new Error(`the step-up got ${stepped.status}`)
}

/** Signs a user in, and steps the session up. */
export async function signInSteppedUp(
  app: TestApp,
  browser: Browser,
  address = ada,
): Promise<void> {
  await app.signIn(browser, address)
  await stepUp(app, browser, address)
}

/** Requests a change of address in the browser of a user who is stepped up; returns its link. */
export async function requestChange(
  app: TestApp,
  browser: Browser,
  email = 'new@example.test',
): Promise<string> {
  const sent = await postForm(browser, '/auth/email', { email, returnTo: '/me' })
  if (sent.status !== 202) throw new Error(`the change got ${sent.status}: ${sent.body}`)
  return await app.linkFor(email)
}

/** A browser with the session cookies of another one, and nothing else: what a thief may copy. */
export function withCopiedSession(app: TestApp, owner: Browser): Browser {
  const thief = app.browser()
  const { session, refresh } = app.cookieNames
  const attributes = app.origin.startsWith('https:') ? 'Path=/; Secure' : 'Path=/'
  for (const name of [session, refresh]) {
    thief.setCookie(`${owner.cookiePairs(name)}; ${attributes}`)
  }
  return thief
}
