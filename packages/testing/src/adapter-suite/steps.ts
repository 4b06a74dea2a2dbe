/** Steps that the cases share. */
import type { Browser, BrowserResponse } from '../browser.ts'
import type { TestApp } from './adapter.ts'

/** The user of most tests. */
export const ada = 'ada@example.test'

const json = { accept: 'application/json', 'content-type': 'application/json' }

/** Posts JSON, or a text that is sent unchanged, as a client without a page does. */
export function postJson(
  browser: Browser,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<BrowserResponse> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return browser.visit(path, { method: 'POST', body: text, headers: { ...json, ...headers } })
}

/** Posts a form as a script of the same site does. */
export function postForm(
  browser: Browser,
  path: string,
  fields: Record<string, string> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<BrowserResponse> {
  const sameSite = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
  return browser.visit(path, { form: fields, headers: { ...sameSite, ...headers } })
}

/** Requests a magic link, and returns its path and query. */
export async function requestLink(
  app: TestApp,
  browser: Browser,
  returnTo = '/me',
): Promise<string> {
  await browser.visit('/auth/magic-link', { form: { loginId: ada, returnTo } })
  return await app.linkFor(ada)
}

/** Whether the browser has a session that holds. */
export async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.visit('/auth/session')).status === 200
}

/** The Set-Cookie lines of a response. */
export function setCookies(response: BrowserResponse): string[] {
  return [response.headers['set-cookie'] ?? []].flat()
}

/** The claims of a token, unverified. */
export function claimsOf(token: string | undefined): Record<string, unknown> {
  const [, payload = ''] = (token ?? '').split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString())
}
