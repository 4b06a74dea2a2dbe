/** Steps with sessions whose tokens the test issues itself. */
import type { Browser, BrowserResponse } from '../../browser.ts'
import { projectId } from '../../tokens/keys.ts'
import type { TokenIssuer } from '../../tokens/token-issuer.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'

/** Headers of a program, as opposed to a page. */
export const api = { accept: 'application/json' }

/** Sends a request as a program does. */
export async function callApi(
  browser: Browser,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<BrowserResponse> {
  return await browser.visit(path, { headers: { ...api, ...headers } })
}

/** Starts an app that accepts the tokens of the test, so that a test can set any claim. */
export function startWith(
  adapter: TestAdapter,
  issuer: TokenIssuer,
  options: TestAppOptions = {},
): Promise<TestApp> {
  return adapter.start({ ...options, client: { projectId, publicKey: issuer.publicKey } })
}

/** A browser with a session token with these claims. */
export async function browserWith(
  app: TestApp,
  issuer: TokenIssuer,
  claims: Record<string, unknown> = {},
): Promise<Browser> {
  const browser = app.browser()
  browser.setCookie(`${app.cookieNames.session}=${await issuer.session(claims)}; Path=/`)
  return browser
}
