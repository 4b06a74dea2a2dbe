import { systemClock } from '@linkpass/core'
import type { Emulator } from '@linkpass/emulator'
import { Agent, type Dispatcher } from 'undici'
import { describe, expect, test } from 'vitest'
import { startStub } from '../../servers/stub-server.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'
import { approval, enchanted, linksByNumber, requestNumber } from '../enchanted-link/steps.ts'
import { ada, isSignedIn, requestLink } from '../steps.ts'

const verifyCalls = '/v1/auth/magiclink/verify'
const minute = 60_000

interface SkewedApp {
  readonly app: TestApp
  /** What was logged about the clock. */
  readonly lines: readonly string[]
  /** Sets how far the clock of the app is ahead of that of the service. */
  readonly setAhead: (ms: number) => void
}

async function startSkewed(
  adapter: TestAdapter,
  ms: number,
  options: TestAppOptions = {},
): Promise<SkewedApp> {
  const started: { emulator?: Emulator } = {}
  let ahead = ms
  const lines: string[] = []
  const warn = (line: string): void => void (line.includes('clock') && lines.push(line))
  const now = (): number => (started.emulator?.clock ?? systemClock).now() + ahead
  const app = await adapter.start({
    ...options,
    client: { clock: { ...systemClock, now }, logger: { debug: () => {}, warn } },
  })
  started.emulator = app.emulator
  return { app, lines, setAhead: (next) => (ahead = next) }
}

/** Uses up the refreshes of the keys that made-up key ids may cause. */
async function useUpRefreshes(app: TestApp): Promise<void> {
  const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  for (const kid of ['made-up-1', 'made-up-2', 'made-up-3']) {
    const header = encoded({ alg: 'RS256', kid, typ: 'JWT' })
    const forged = `${header}.${encoded({ iss: app.emulator.projectId })}.${'A'.repeat(342)}`
    await app.browser().visit('/me', { headers: { authorization: `Bearer ${forged}` } })
  }
}

/** What is checked before a link is redeemed, and what could not be checked after. */
export function beforeRedeemingCases(adapter: TestAdapter): void {
  describe(`before a link is redeemed, on ${adapter.name}`, () => {
    test.each([-30_000, 30_000, -4 * minute, 4 * minute])(
      'P16: our clock %i ms ahead costs no sign-in',
      async (ms) => {
        const { app } = await startSkewed(adapter, ms)
        await using _ = app
        const browser = app.browser()
        expect((await browser.visit(await requestLink(app, browser))).location).toBe('/me')
        expect(await isSignedIn(browser)).toBe(true)
      },
    )

    test.each([12 * minute, 6 * minute, -6 * minute])(
      'P16: with our clock %i ms ahead no link is redeemed, and the button works once it is right',
      async (ms) => {
        const { app, lines, setAhead } = await startSkewed(adapter, ms)
        await using _ = app
        const browser = app.browser()
        const link = await requestLink(app, browser)
        const out = await browser.visit(link)
        expect([out.status, (await browser.submit(out)).status]).toEqual([503, 503])
        expect(app.calls(verifyCalls)).toBe(0)
        expect(lines).toHaveLength(1)
        expect(lines[0]).toMatch(ms > 0 ? / s ahead of .*Synchronise/ : / s behind .*Synchronise/)
        setAhead(0)
        expect((await browser.submit(out)).location).toBe('/me')
      },
    )

    test('P16: an instance that sent no link measures its clock before it redeems one', async () => {
      const appUrl = 'https://app.example.test'
      const { app: here } = await startSkewed(adapter, 0, { appUrl })
      const { app: there, setAhead } = await startSkewed(adapter, 12 * minute, { appUrl })
      await using _here = here
      await using _there = there
      const link = await requestLink(here, here.browser())
      const browser = there.browser()
      const page = await browser.visit(link)
      const out = await browser.submit(page)
      expect(out.status).toBe(503)
      expect(there.calls(verifyCalls)).toBe(0)
      setAhead(0)
      expect((await browser.submit(out)).status).toBe(303)
    })

    test('P16: with a wrong clock no enchanted link is approved', async () => {
      const { app, setAhead } = await startSkewed(adapter, 12 * minute, enchanted)
      await using _ = app
      const [screen, phone] = [app.browser(), app.browser()]
      const number = await requestNumber(app, screen)
      const page = await phone.visit((await linksByNumber(app)).get(number) ?? '')
      const typed = await approval(app, screen)
      expect((await phone.submit(page, typed)).status).toBe(503)
      expect(app.calls('/v1/auth/enchantedlink/verify')).toBe(0)
      setAhead(0)
      expect((await phone.submit(page, typed)).status).toBe(200)
    })

    test('P30: a session under a key that is not fetched yet is kept, and signs in once', async () => {
      const received: string[] = []
      await using app = await adapter.start({
        onSignIn: ({ user }) => received.push(user.email ?? ''),
      })
      const browser = app.browser()
      const link = await requestLink(app, browser)
      await useUpRefreshes(app)
      await app.emulator.keys.rotate()
      const out = await browser.visit(link)
      expect(out.status).toBe(503)
      expect((await browser.submit(out)).status).toBe(503)
      expect(received).toEqual([])
      app.emulator.clock.advance(11_000)
      const confirmed = await Promise.all([browser.submit(out), browser.submit(out)])
      expect(confirmed.map(({ location }) => location)).toEqual(['/me', '/me'])
      expect(await isSignedIn(browser)).toBe(true)
      expect(received).toEqual([ada])
      expect(app.calls(verifyCalls)).toBe(1)
    })

    test('P30: a kept session that onSignIn refuses is refused once and for all', async () => {
      let calls = 0
      await using app = await adapter.start({
        onSignIn: () => {
          calls += 1
          throw new Error(`no entry on ${adapter.name}`)
        },
      })
      const browser = app.browser()
      const link = await requestLink(app, browser)
      await useUpRefreshes(app)
      await app.emulator.keys.rotate()
      const out = await browser.visit(link)
      app.emulator.clock.advance(11_000)
      expect((await browser.submit(out)).status).toBe(403)
      expect((await browser.submit(out)).status).toBe(410)
      expect(calls).toBe(1)
      expect(browser.cookieNames).toEqual([app.cookieNames.attempt])
    })

    test.each([
      [401, 'E061004'],
      [403, 'E09900'],
      [404, 'E09901'],
    ])(
      'P17: trouble of the deployment (%i %s) is 503 with one warning, and the link works later',
      async (status, code) => {
        const details: string[] = []
        const listen = (warning: Error & { detail?: string }): void => {
          if (warning.message.startsWith('The service did not redeem')) {
            details.push(warning.detail ?? '')
          }
        }
        process.on('warning', listen)
        await using app = await adapter.start()
        const browser = app.browser()
        const link = await requestLink(app, browser)
        // Warnings are printed once in a process, which runs several adapters.
        const digit = (adapter.name.codePointAt(adapter.name.length - 1) ?? 0) % 10
        const errorCode = status === 401 ? code : `${code}${digit}`
        app.emulator.faults.add({ path: verifyCalls, status, errorCode, times: 2 })
        const out = await browser.visit(link)
        expect([out.status, (await browser.submit(out)).status]).toEqual([503, 503])
        expect((await browser.submit(out)).location).toBe('/me')
        process.off('warning', listen)
        if (status !== 401) expect(details).toEqual([expect.stringMatching(/projectId.*method/)])
      },
    )

    test.each([
      ['the page of a proxy', { status: 200, body: '<!doctype html>' }],
      ['a redirect', { status: 302, headers: { location: 'https://sso.example.test/' }, body: '' }],
      ['an error without its status', { status: 200, body: { errorCode: 'E061004' } }],
    ])('P17: %s in place of a session is 503, and the button works later', async (_, response) => {
      let isInTheWay = true
      await using proxy = await startStub(() => response)
      const toProxy: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
        dispatch(
          isInTheWay && options.path === verifyCalls ? { ...options, origin: proxy.url } : options,
          handler,
        )
      const agent = new Agent()
      await using app = await adapter.start({ client: { dispatcher: agent.compose(toProxy) } })
      const browser = app.browser()
      const link = await requestLink(app, browser)
      const out = await browser.visit(link)
      expect([out.status, (await browser.submit(out)).status]).toEqual([503, 503])
      isInTheWay = false
      expect((await browser.submit(out)).location).toBe('/me')
      await agent.destroy()
    })
  })
}
