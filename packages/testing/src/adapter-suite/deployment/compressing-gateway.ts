import { describe, expect, test } from 'vitest'
import { encodings, startCompressingGateway } from '../../servers/compressing-gateway.ts'
import type { TestAdapter } from '../adapter.ts'

/** A gateway between the app and the service that compresses. */
export function compressingGatewayCases(adapter: TestAdapter): void {
  describe(`a gateway that compresses, on ${adapter.name}`, () => {
    test.each(encodings)(
      'with %s: users sign in, stay signed in and sign out',
      async (encoding) => {
        await using gateway = await startCompressingGateway(encoding)
        await using app = await adapter.start({ client: { baseUrl: gateway.url } })
        gateway.forwardTo(app.emulator.url)
        const browser = app.browser()
        await app.signIn(browser)
        expect((await browser.visit('/me')).status).toBe(200)
        app.emulator.clock.advance(11 * 60_000)
        expect((await browser.visit('/me')).status).toBe(200)
        await browser.visit('/auth/logout', { form: {} })
        expect(browser.cookieNames).not.toContain(app.cookieNames.refresh)
        expect(gateway.compressed).toEqual(
          new Set([
            '/v1/auth/magiclink/signup-in/email',
            '/v1/auth/magiclink/verify',
            `/v2/keys/${app.emulator.projectId}`,
            '/v1/auth/refresh',
            '/v1/auth/logout',
          ]),
        )
      },
    )
  })
}
