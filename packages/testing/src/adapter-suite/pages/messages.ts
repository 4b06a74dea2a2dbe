import { describe, expect, test } from 'vitest'
import type { TestAdapter, TestAppOptions } from '../adapter.ts'
import { ada } from '../steps.ts'

/** Texts of the app's own on the pages. */
export function messageCases(adapter: TestAdapter): void {
  describe(`texts of the app’s own, on ${adapter.name}`, () => {
    test('replace single texts of a language, and keep their values', async () => {
      await using app = await adapter.start({
        brand: { name: 'Fernhill' },
        messages: {
          de: { 'signIn.title': 'Willkommen' },
          en: { 'confirm.signInTitle': 'Welcome to {app}' },
        },
      })
      const browser = app.browser()
      await browser.visit('/auth/magic-link', { form: { loginId: ada } })
      const other = app.browser()
      expect((await other.visit(await app.linkFor(ada))).body).toContain(
        '<h1>Welcome to Fernhill</h1>',
      )
      expect((await other.visit('/auth/sign-in')).body).toContain('<h1>Sign in</h1>')
      other.language = 'de'
      const page = await other.visit('/auth/sign-in')
      expect(page.body).toContain('<h1>Willkommen</h1>')
      expect(page.body).toContain('E-Mail-Adresse')
    })

    test('XSS: are text, and not markup', async () => {
      const hostile = '"><img src=x onerror=alert(1)>'
      await using app = await adapter.start({
        messages: { en: { 'signIn.title': hostile, 'inbox.resendIn': `${hostile} {time}` } },
      })
      const browser = app.browser()
      const pages = [
        await browser.visit('/auth/sign-in'),
        await browser.open('/auth/magic-link', { form: { loginId: ada } }),
      ]
      for (const { body } of pages) {
        expect(body).toContain('&quot;&gt;&lt;img src=x')
        expect(body).not.toContain('<img')
      }
    })

    test.each<[NonNullable<TestAppOptions['messages']>, string]>([
      [{ de: { 'signIn.titel': 'x' } }, 'messages.de has no text "signIn.titel"'],
      [{ german: { 'signIn.title': 'x' } }, '"german" is no language'],
      [{ it: { 'signIn.title': 'Accedi' } }, 'messages.it needs every text'],
      [{ de: { 'signIn.title': '{name}' } }, 'messages.de["signIn.title"] has no value {name}'],
    ])('%j is refused by name at start', async (messages, message) => {
      await expect(adapter.start({ messages })).rejects.toThrow(message)
    })
  })
  test.each([
    [undefined, true],
    ['https://app.example.test', false],
  ])(
    `an app at %s offers the inbox of the emulator: %s, on ${adapter.name}`,
    async (appUrl, isOffered) => {
      await using app = await adapter.start({ ...(appUrl && { appUrl }) })
      const { body } = await app.browser().visit('/auth/sign-in')
      expect(body.includes('no mail leaves this machine')).toBe(isOffered)
      expect(body.includes(app.emulator.url)).toBe(isOffered)
    },
  )
}
