import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ExpressApp, expressVersions, startExpressApp } from './express-adapter.ts'

const address = 'ada@example.test'
const proxyWarnings: string[] = []

function noteWarning({ message }: Error): void {
  if (message.includes('all requests seem to come from one')) proxyWarnings.push(message)
}

beforeAll(() => {
  process.on('warning', noteWarning)
})
afterAll(() => {
  process.off('warning', noteWarning)
})

describe.each(expressVersions)('behind a proxy, on Express %i', (version) => {
  test('the address of the app still comes from configuration alone', async () => {
    await using app = await startExpressApp({
      version,
      appUrl: 'https://app.example.com',
      before: (express) => express.set('trust proxy', true),
    })
    const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' }
    const response = await app.browser().visit('/me', {
      headers: { accept: 'text/html', ...forwarded },
    })
    expect(response.location).toBe('/auth/sign-in?returnTo=%2Fme')
  })

  test('a proxy without "trust proxy" is warned of, since all visitors count as one', async () => {
    const send = async (app: ExpressApp): Promise<void> => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.7' }
      const body = JSON.stringify({ loginId: address })
      expect((await app.browser().visit('/auth/magic-link', { headers, body })).status).toBe(202)
    }
    await using configured = await startExpressApp({
      version,
      before: (app) => app.set('trust proxy', 1),
    })
    const before = proxyWarnings.length
    await send(configured)
    expect(proxyWarnings).toHaveLength(before)
    configured.emulator.reset()
    await using unconfigured = await startExpressApp({ version })
    await send(unconfigured)
    // The warning is printed once per process, which the tests of both versions share.
    expect(proxyWarnings).toHaveLength(1)
  })
})
