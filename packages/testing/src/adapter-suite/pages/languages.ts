import { describe, expect, test } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import { visitWaiting } from '../enchanted-link/steps.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'
import { ada, postForm, postJson, requestLink } from '../steps.ts'

/** The title of the sign-in page in each language, and of a link that no longer works. */
const titles = {
  en: ['Sign in', 'This link no longer works'],
  de: ['Anmelden', 'Dieser Link funktioniert nicht mehr'],
  fr: ['Connexion', 'Ce lien ne fonctionne plus'],
  es: ['Iniciar sesión', 'Este enlace ya no funciona'],
} as const

/** The language of the pages, and of the messages of the service. */
export function languageCases(adapter: TestAdapter): void {
  describe(`the language of the pages, on ${adapter.name}`, () => {
    test.each<[string | undefined, keyof typeof titles]>([
      [undefined, 'en'],
      ['de', 'de'],
      ['fr-CA, fr;q=0.9, en;q=0.8', 'fr'],
      ['en;q=0.5, es;q=0.8', 'es'],
      ['it, ja;q=0.5', 'en'],
      ['de;q=0, fr;q=0.1', 'fr'],
    ])('Accept-Language %j gets a page in %s', async (header, language) => {
      await using app = await adapter.start()
      const page = await browserIn(app, header).visit('/auth/sign-in')
      expect(headingOf(page)).toBe(titles[language][0])
      expect(page.body).toContain(`<html lang="${language}" dir="ltr">`)
      expect(page.headers['content-language']).toBe(language)
      expect(page.headers['vary']).toMatch(/\bAccept-Language\b/)
    })

    test('U19: every page of a sign-in is in the language of its browser', async () => {
      await using app = await adapter.start({ limits: { cooldownSeconds: 30 } })
      const browser = browserIn(app, 'de-AT')
      const form = { loginId: ada, returnTo: '/me' }
      const link = (): string => app.emulator.inbox.list({ to: ada })[0]?.links[0]?.url ?? ''
      const pages = {
        mistaken: await browser.visit('/auth/magic-link', { form: { loginId: 'ada@' } }),
        unknown: await browser.visit('/auth/check-inbox'),
        sent: await browser.open('/auth/magic-link', { form }),
        tooMany: await browser.visit('/auth/magic-link', { form }),
        confirm: await browserIn(app, 'de').visit(link()),
        invalid: await browser.visit('/auth/verify/x?t=y'),
      }
      const headings = Object.entries(pages).map(([name, page]) => [name, headingOf(page)])
      expect(Object.fromEntries(headings)).toEqual({
        mistaken: 'Anmelden',
        unknown: 'Prüfen Sie Ihre Nachrichten',
        sent: 'Prüfen Sie Ihr Postfach',
        tooMany: 'Bitte warten Sie einen Moment',
        confirm: `Bei ${new URL(app.origin).host} anmelden?`,
        invalid: 'Dieser Link ist ungültig',
      })
      await browser.visit(link())
      const other = browserIn(app, 'de')
      await other.visit(link())
      const used = await other.visit('/auth/verify', { form: formOf(link()) })
      expect(headingOf(used)).toBe(titles.de[1])
    })

    test('U19: an approval is in the language of the device that approves', async () => {
      await using app = await adapter.start({ methods: ['email', 'enchanted'] })
      const screen = browserIn(app, 'es')
      const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux) Firefox/140.0' }
      await postForm(screen, '/auth/enchanted-link', { loginId: ada }, headers)
      expect(headingOf(await visitWaiting(app, screen))).toMatch(/^Elija \d\d en el correo$/)
      const page = await browserIn(app, 'fr').visit(await app.linkFor(ada))
      expect(headingOf(page)).toBe('Est-ce vous qui vous connectez\u00a0?')
      expect(page.body).toContain('Firefox sur Linux')
      expect(page.body).toContain('à l’instant')
    })

    test('the page of a guard is in the language of its browser', async () => {
      await using app = await adapter.start({
        routes: [
          { path: '/admin', guards: [{ roles: ['admin'] }], respond: () => ({ body: 'admin' }) },
        ],
      })
      const browser = browserIn(app, 'fr')
      await app.signIn(browser)
      const page = await browser.visit('/admin')
      expect([page.status, headingOf(page)]).toEqual([403, 'Vous ne pouvez pas ouvrir cette page'])
      expect(page.headers['vary']).toMatch(/\bAccept-Language\b/)
    })

    test('error codes for programs stay the same in every language', async () => {
      await using app = await adapter.start()
      const headers = { 'accept-language': 'de' }
      const sent = await postJson(app.browser(), '/auth/magic-link', { loginId: 7 }, headers)
      expect(JSON.parse(sent.body)).toEqual({ error: 'bad_request', field: 'loginId' })
      expect(sent.headers['content-language']).toBeUndefined()
    })

    test('what the app says comes before the browser', async () => {
      await using app = await adapter.start({
        locale: (request) => request.header('x-locale'),
      })
      const browser = browserIn(app, 'de')
      const visit = async (locale: string): Promise<string> => {
        const headers = { accept: 'text/html', 'accept-language': 'de', 'x-locale': locale }
        return headingOf(await browser.visit('/auth/sign-in', { headers }))
      }
      const cases = {
        fr: 'fr',
        'es-MX': 'es',
        fr_CA: 'fr',
        '': 'de',
        it: 'de',
        '<i>': 'de',
      } as const
      for (const [locale, language] of Object.entries(cases)) {
        expect(await visit(locale), locale).toBe(titles[language][0])
      }
      expect(headingOf(await browser.visit('/auth/sign-in'))).toBe(titles.de[0])
    })

    test('an error in locale leaves the choice to the browser', async () => {
      const locale: NonNullable<TestAppOptions['locale']> = () => {
        throw new Error(`no locale, on ${adapter.name}`)
      }
      await using app = await adapter.start({ locale })
      expect(headingOf(await browserIn(app, 'de').visit('/auth/sign-in'))).toBe(titles.de[0])
    })

    test('a hostile Accept-Language gets the page in English', async () => {
      await using app = await adapter.start()
      for (const header of [
        '"><script>',
        '__proto__',
        'de;q=9',
        ','.repeat(9000),
        'a-'.repeat(4000),
      ]) {
        const page = await browserIn(app, header).visit('/auth/sign-in')
        expect([page.status, headingOf(page)]).toEqual([200, 'Sign in'])
        expect(page.body).not.toContain('<script>')
      }
    })
  })

  describe(`the locale that the service gets, on ${adapter.name}`, () => {
    test.each<[string | undefined, TestAppOptions, string | undefined]>([
      ['de-AT, en;q=0.5', {}, 'de'],
      [undefined, {}, undefined],
      ['it', {}, undefined],
      ['de', { locale: () => 'it' }, 'it'],
      ['de', { locale: () => 'pt_BR' }, 'pt-BR'],
      ['de', { loginOptions: () => ({ locale: 'fr' }) }, 'fr'],
      ['de', { loginOptions: () => ({ templateId: 't' }) }, 'de'],
    ])('with %j it is that of the pages, or the app’s own', async (header, options, locale) => {
      await using app = await adapter.start(options)
      await requestLink(app, browserIn(app, header))
      expect(localeOf(app, ada)).toBe(locale)
    })

    test('goes along with every link', async () => {
      await using app = await adapter.start({
        methods: ['email', 'enchanted'],
        limits: false,
        account: { email: true },
      })
      const browser = browserIn(app, 'es')
      await browser.visit('/auth/enchanted-link', { form: { loginId: 'e@example.test' } })
      expect(localeOf(app, 'e@example.test')).toBe('es')
      await app.signIn(browser)
      await browser.visit('/auth/step-up', { form: { returnTo: '/me' } })
      expect(localeOf(app, ada)).toBe('es')
      await browser.visit(app.emulator.inbox.list({ to: ada })[0]?.links[0]?.url ?? '')
      await browser.visit('/auth/email', { form: { email: 'new@example.test' } })
      expect(localeOf(app, 'new@example.test')).toBe('es')
    })
  })
}

/** A browser whose pages are requested in a language. */
function browserIn(app: TestApp, language: string | undefined): Browser {
  const browser = app.browser()
  browser.language = language
  return browser
}

function headingOf({ body }: BrowserResponse): string {
  return /<h1>([^<]*)<\/h1>/.exec(body)?.[1] ?? ''
}

/** The locale of the newest message to an address. */
function localeOf(app: TestApp, to: string): string | undefined {
  const [message] = app.emulator.inbox.list({ to })
  if (message === undefined) throw new Error(`No message went to ${to}.`)
  return message.options.locale
}

/** What the button of a link's page sends. */
function formOf(link: string): Record<string, string> {
  const [path = '', query] = link.split('?')
  return { t: new URLSearchParams(query).get('t') ?? '', state: path.split('/').at(-1) ?? '' }
}
