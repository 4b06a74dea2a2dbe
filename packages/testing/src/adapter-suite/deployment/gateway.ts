import { describe, expect, test } from 'vitest'
import { createGateway } from '../../servers/gateway.ts'
import type { TestAdapter } from '../adapter.ts'
import {
  approval,
  enchanted,
  linksByNumber,
  stateOf,
  requestNumber,
} from '../enchanted-link/steps.ts'
import { ada, postJson } from '../steps.ts'

const sendCalls = '/v1/auth/magiclink/signup-in/email'
const pollCalls = '/v1/auth/enchantedlink/pending-session'

/** A gateway between the app and the service that responds in its place. */
export function gatewayCases(adapter: TestAdapter): void {
  describe(`a gateway in front of the service, on ${adapter.name}`, () => {
    test.each([500, 502, 503, 504, 524])(
      'repeated requests whose response is a gateway’s %i send no more links than the limit',
      async (status) => {
        await using gateway = createGateway((path) => (path === sendCalls ? { status } : undefined))
        const limits = { cooldownSeconds: 0 }
        await using app = await adapter.start({ limits, client: { dispatcher: gateway } })
        const browser = app.browser()
        const statuses = new Set<number>()
        for (let round = 0; round < 12; round += 1) {
          statuses.add((await postJson(browser, '/auth/magic-link', { loginId: ada })).status)
        }
        expect(statuses).toEqual(new Set([503, 429]))
        expect(app.emulator.inbox.list({ to: ada })).toHaveLength(5)
      },
    )

    test('a link that was sent before a gateway’s 502 signs in at once', async () => {
      let isDown = true
      await using gateway = createGateway((path) =>
        isDown && path === sendCalls ? { status: 502 } : undefined,
      )
      await using app = await adapter.start({ client: { dispatcher: gateway } })
      const browser = app.browser()
      expect((await postJson(browser, '/auth/magic-link', { loginId: ada })).status).toBe(503)
      isDown = false
      expect((await browser.visit(await app.linkFor(ada))).status).toBe(303)
      expect(browser.cookieNames).toContain(app.cookieNames.session)
    })

    test.each([
      ['cut JSON', { status: 200, body: '{"sessionJwt":"eyJ' }],
      ['a page of a proxy', { status: 200, body: '<!doctype html><title>Please wait</title>' }],
      ['nothing', { status: 204 }],
    ])('one poll that returns %s does not end an enchanted sign-in', async (_what, response) => {
      const responses = [response]
      await using gateway = createGateway((path) =>
        path === pollCalls ? responses.pop() : undefined,
      )
      await using app = await adapter.start({ ...enchanted, client: { dispatcher: gateway } })
      const [screen, phone] = [app.browser(), app.browser()]
      const number = await requestNumber(app, screen)
      const page = await phone.visit((await linksByNumber(app)).get(number) ?? '')
      const decision = await approval(app, screen)
      await expect.poll(() => responses).toEqual([])
      await phone.submit(page, decision)
      expect(await stateOf(app, screen)).toBe('approved')
    })
  })
}
