import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { ada, postForm } from '../steps.ts'
import { hangingHookCases } from './hanging-hooks.ts'
import { signOutHookCases } from './sign-out-hooks.ts'
import { changes, requestChange, signInSteppedUp, stepUp } from './steps.ts'

const [grace, mallory, phone] = ['grace@example.test', 'mallory@example.test', '+447700900123']

function tokenIn(link: string): string {
  return new URL(link, 'http://app').searchParams.get('t') ?? ''
}

/** What the hooks of the app learn, and what they can stop. */
export function hookCases(adapter: TestAdapter): void {
  linkHookCases(adapter)
  signOutHookCases(adapter)
  hangingHookCases(adapter)
}

function linkHookCases(adapter: TestAdapter): void {
  describe(`hooks around links, on ${adapter.name}`, () => {
    test.each(['here', 'in another browser'])(
      'P2: a sign-in link under the state of a change changes nothing, %s',
      async (where) => {
        const heard: string[] = []
        await using app = await adapter.start({
          ...changes,
          onSignIn: ({ purpose }) => heard.push(purpose),
          onAccountChange: ({ address }) => heard.push(address),
        })
        const browser = app.browser()
        await signInSteppedUp(app, browser)
        const change = new URL(await requestChange(app, browser), 'http://app')
        await postForm(browser, '/auth/magic-link', { loginId: ada })
        const signIn = new URL(await app.linkFor(ada), 'http://app')
        heard.length = 0
        const t = signIn.searchParams.get('t') ?? ''
        const fields = { t, state: change.pathname.split('/').at(-1) ?? '' }
        const from = where === 'here' ? browser : app.browser()
        expect((await postForm(from, '/auth/verify', fields)).status).toBe(403)
        expect(heard).toEqual([])
        expect((await browser.visit(`${change.pathname}${change.search}`)).location).toBe('/me')
        expect(heard).toEqual(['new@example.test', 'change-email'])
      },
    )

    test.each([
      ['as a login ID', grace, mallory, { email: mallory }],
      ['as an address that is not verified', phone, phone, { email: grace }],
      ['to an account without an address', phone, phone, {}],
    ])(
      'P2: an attacker claims the address of another user by a link of their own: %s',
      async (_, loginId, mailbox, profile) => {
        const heard: string[] = []
        await using app = await adapter.start({
          ...changes,
          methods: ['email', 'sms'],
          onAccountChange: ({ address }) => heard.push(address),
        })
        // Anyone can sign up at the service, past the app, with what they like.
        const { signUp, verify } = app.client.magicLink
        await signUp[loginId === phone ? 'sms' : 'email'](loginId, `${app.origin}/`, profile)
        const own = async (): Promise<string> => tokenIn(await app.linkFor(mailbox))
        expect((await verify(await own())).ok).toBe(true)
        const browser = app.browser()
        await postForm(browser, '/auth/magic-link', { loginId })
        await browser.visit(await app.linkFor(mailbox))
        await stepUp(app, browser, mailbox)
        const change = new URL(await requestChange(app, browser, grace), 'http://app')
        await postForm(browser, '/auth/magic-link', { loginId })
        const fields = { t: await own(), state: change.pathname.split('/').at(-1) ?? '' }
        expect((await postForm(browser, '/auth/verify', fields)).status).toBe(403)
        expect(heard).toEqual([])
        // Whoever has the mailbox can confirm it.
        const owner = app.browser()
        await owner.submit(await owner.visit(`${change.pathname}${change.search}`))
        expect(heard).toEqual([grace])
      },
    )

    test('P27: onSignIn learns what a link was for, and onAccountChange of each change', async () => {
      const purposes: string[] = []
      const changed: unknown[] = []
      await using app = await adapter.start({
        ...changes,
        onSignIn: ({ purpose }) => purposes.push(purpose),
        onAccountChange: ({ userId, kind, address }) => {
          changed.push([userId.slice(0, 1), kind, address])
        },
      })
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      await browser.visit(await requestChange(app, browser, 'first@example.test'))
      await stepUp(app, browser, 'first@example.test')
      await postForm(browser, '/auth/phone', { phone: '+447700900123' })
      await browser.visit(await app.linkFor('+447700900123'))
      expect(purposes).toEqual([
        ...['sign-in', 'step-up', 'change-email', 'step-up', 'change-phone'],
      ])
      expect(changed).toEqual([
        ['U', 'email', 'first@example.test'],
        ['U', 'phone', '+447700900123'],
      ])
    })

    test('P27: a change confirmed elsewhere signs no user in, and onAccountChange learns of it', async () => {
      const heard: string[] = []
      await using app = await adapter.start({
        ...changes,
        onSignIn: ({ purpose }) => heard.push(purpose),
        onAccountChange: ({ kind, address }) => {
          heard.push(`${kind} ${address}`)
          throw new Error(`the hook failed on ${adapter.name}`)
        },
      })
      const [browser, other] = [app.browser(), app.browser()]
      await signInSteppedUp(app, browser)
      const page = await other.visit(await requestChange(app, browser))
      expect((await other.submit(page)).status).toBe(200)
      expect(heard).toEqual(['sign-in', 'step-up', 'email new@example.test'])
    })
  })
}
