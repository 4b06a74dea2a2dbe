import { X509Certificate } from 'node:crypto'
import { get } from 'node:https'
import { createDescopeClient, unwrap } from '@linkpass/core'
import { Agent, type Response, fetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../src/index.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ tls: true, tokensInCookies: true })
})
afterAll(() => emulator.close())

/** The status of a GET; rejects if the certificate is not trusted. */
function statusOf(url: string, ca: string | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { ca }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', reject)
  })
}

describe('an emulator with https', () => {
  it('is trusted with its certificate authority, by every name of this machine', async () => {
    expect(emulator.url).toMatch(/^https:\/\/localhost:\d+$/)
    const { port } = new URL(emulator.url)
    for (const host of ['localhost', '127.0.0.1']) {
      const url = `https://${host}:${port}/_emulator/health`
      expect(await statusOf(url, emulator.caCertificate)).toBe(200)
    }
  })

  it('is trusted by no client that does not have the certificate', async () => {
    await expect(statusOf(emulator.url, undefined)).rejects.toThrow(/certificate/)
    await using other = await startEmulator({ tls: true })
    await expect(statusOf(emulator.url, other.caCertificate)).rejects.toThrow(/certificate/)
  })

  it('has a certificate as browsers and phones require it', () => {
    const ca = new X509Certificate(emulator.caCertificate ?? '')
    expect(ca.ca).toBe(true)
    const days = (Date.parse(ca.validTo) - Date.parse(ca.validFrom)) / 86_400_000
    expect(days).toBeLessThanOrEqual(398)
  })

  it('signs a user in with a client that trusts it', async () => {
    const { projectId, url: baseUrl, caCertificate: ca } = emulator
    await using client = createDescopeClient({
      projectId,
      baseUrl,
      dispatcher: new Agent({ connect: { ca } }),
    })
    unwrap(await client.magicLink.signUpOrIn.email('ada@example.com', 'http://localhost:3000/v'))
    expect(emulator.inbox.list()).toHaveLength(1)
  })

  it('sets secure cookies, and lets its own page use its forms', async () => {
    const headers = { authorization: `Bearer ${emulator.projectId}` }
    const dispatcher = new Agent({ connect: { ca: emulator.caCertificate } })
    const post = (
      path: string,
      body: string | URLSearchParams,
      more: Record<string, string> = {},
    ): Promise<Response> =>
      fetch(emulator.url + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { ...headers, ...more },
        body,
        dispatcher,
      })
    const { links } = await emulator.inbox.waitFor()
    const token = JSON.stringify({ token: links[0]?.token })
    const cookies = (await post('/v1/auth/magiclink/verify', token)).headers.getSetCookie()
    expect(cookies).toHaveLength(2)
    for (const cookie of cookies) expect(cookie).toMatch(/; Secure$/)
    const form = new URLSearchParams({ advanceSeconds: '60' })
    expect((await post('/', form, { origin: emulator.url })).status).toBe(303)
    const plain = emulator.url.replace('https:', 'http:')
    expect((await post('/', form, { origin: plain })).status).toBe(403)
  })
})
