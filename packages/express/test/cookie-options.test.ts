import type { AuthOptions } from '@linkpass/express'
import { describe, expect, test } from 'vitest'
import { expressVersions, startApp } from './support/app.ts'
import type { Answer } from './support/browser.ts'

const address = 'ada@example.test'
const plain = 'Path=/; HttpOnly; Secure; SameSite=Lax'

const options: readonly [AuthOptions['cookies'], names: string[], attributes: string][] = [
  [{}, ['DS', 'DSR'], plain],
  [{ prefix: '__Host-' }, ['__Host-DS', '__Host-DSR'], plain],
  [{ domain: 'example.test' }, ['DS', 'DSR'], `Domain=example.test; ${plain}`],
  [{ sameSite: 'strict' }, ['DS', 'DSR'], 'Path=/; HttpOnly; Secure; SameSite=Strict'],
  [{ names: { session: 'sid', refresh: 'rid' } }, ['sid', 'rid'], plain],
]

/** The session cookies that an answer sets, or clears: name, and what follows the lifetime. */
function cookiesOf(answer: Answer, kind: 'set' | 'cleared'): string[][] {
  const lines = [answer.headers['set-cookie'] ?? []].flat()
  return lines
    .filter((line) => !line.includes('linkpass-attempt'))
    .filter((line) => line.includes('Max-Age=0;') === (kind === 'cleared'))
    .map((line) => [line.split('=')[0] ?? '', line.replace(/^.*?Max-Age=\d+; /, '')])
}

describe.each(expressVersions)('T-41: the cookies option, on Express %i', (version) => {
  test.each(options)('%j is how the session is set, read and cleared', async (...row) => {
    const [cookies, names, attributes] = row
    const appUrl = 'https://app.example.test'
    await using app = await startApp({ version, appUrl, ...(cookies && { cookies }) })
    const browser = app.browser()
    await browser.visit('/auth/magic-link', { form: { loginId: address } })
    const signedIn = await browser.visit(await app.linkFor(address))
    const expected = names.map((name) => [name, attributes])
    expect(cookiesOf(signedIn, 'set')).toEqual(expected)
    expect((await browser.visit('/me')).status).toBe(200)
    const signedOut = await browser.visit('/auth/logout', { form: {} })
    expect(cookiesOf(signedOut, 'cleared')).toEqual(expect.arrayContaining(expected))
    expect((await browser.visit('/auth/session')).status).toBe(401)
  })
})
