import { Script } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { approvePage } from '../../src/pages/link-pages.ts'
import { checkInboxPage } from '../../src/pages/check-inbox-page.ts'
import { errorPage } from '../../src/pages/error-page.ts'
import { pageHeaders } from '../../src/pages/headers.ts'
import { type Page, type SignInMethod, pageHtml } from '../../src/pages/layout.ts'
import { en } from '../../src/pages/messages/en.ts'
import { createTexts } from '../../src/pages/messages/texts.ts'
import { script } from '../../src/pages/theme/script.ts'
import { signInPage } from '../../src/pages/sign-in-page.ts'
import { waitingPage } from '../../src/pages/waiting-page.ts'
import { gallery, languages, pageIn, site, withSettings } from './gallery.ts'

const english = createTexts('en', en)

describe.each(await allPages())('the page %s', (_name, page) => {
  test('is one document with one title and one main heading', () => {
    expect(page).toMatch(/^<!doctype html>/)
    expect(page.match(/<h1>/g)).toHaveLength(1)
    expect(page.match(/<title>[^<]+ · Fernhill Library<\/title>/g)).toHaveLength(1)
    expect(page.match(/<main>/g)).toHaveLength(1)
  })

  test('holds no script, style or handler of its own, which its policy would refuse', () => {
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i)
    expect(page.match(/<script[^>]*>/g)).toEqual(['<script src="/script.js" defer>'])
  })

  test('brings its icon along, so that no browser asks for one that is not there', () => {
    const [, icon = ''] = /<link rel="icon" href="([^"]+)" \/>/.exec(page) ?? []
    const svg = Buffer.from(icon.replace('data:image/svg+xml;base64,', ''), 'base64').toString()
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^]*>\s*F\s*<\/text>/)
    expect(pageHeaders(site.brand, true)['Content-Security-Policy']).toMatch(/img-src [^;]*data:/)
  })

  test('says everything it means to', () => {
    expect(page).not.toMatch(/undefined|\[object|NaN/)
  })
})

test('XSS: whatever was typed comes back as text', () => {
  const hostile = '"><script>alert(1)</script>'
  const pages = [
    signInPage({ returnTo: hostile, loginId: hostile, mistaken: true }),
    checkInboxPage({
      method: 'email',
      address: hostile,
      changeUrl: hostile,
      resend: { action: hostile, fields: { [hostile]: hostile } },
      resendInSeconds: 0,
    }),
    errorPage('link-used-or-expired', { url: hostile }),
    approvePage({ decide: { action: '/' }, account: hostile, browser: `${hostile} on ${hostile}` }),
  ]
  const hostileSite = { ...site, brand: { ...site.brand, name: hostile } }
  for (const page of pages.map((one) => pageHtml(one, english, hostileSite))) {
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page).not.toContain(hostile)
  }
})

test.each<[SignInMethod[], string, string]>([
  [['email'], 'email', 'Email address'],
  [['email', 'enchanted'], 'email', 'Email address'],
  [['enchanted'], 'email', 'Email address'],
  [['sms'], 'tel', 'Phone number'],
  [['sms', 'whatsapp'], 'tel', 'Phone number'],
  [['email', 'sms'], 'text', 'Email address or phone number'],
])('for %j the field is of type %s, labelled %s', (methods, type, label) => {
  const page = signIn(methods)
  expect(page).toContain(`<label for="login-id">${label}</label>`)
  expect(page).toMatch(new RegExp(`id="login-id"\\s+name="loginId"\\s+type="${type}"`))
})

test('only the enchanted button posts elsewhere, and only the first button is the primary one', () => {
  const page = signIn(['email', 'sms', 'enchanted'])
  expect(page.match(/<button/g)).toHaveLength(2)
  expect(page.match(/class="primary"/g)).toHaveLength(1)
  expect(page.match(/formaction="\/enchanted-link"/g)).toHaveLength(1)
})

test.each<[SignInMethod[], string[]]>([
  [['email'], ['Email me a link']],
  [['enchanted'], ['Email me a link']],
  [
    ['enchanted', 'email'],
    ['Sign in with another device', 'Email me a link'],
  ],
  [
    ['sms', 'whatsapp'],
    ['Text me a link', 'Send a link on WhatsApp'],
  ],
  [['email', 'sms'], ['Continue']],
  [['enchanted', 'sms'], ['Continue']],
  [
    ['whatsapp', 'enchanted', 'sms', 'email'],
    ['Continue', 'Sign in with another device', 'Text me a link'],
  ],
])('U20: for %j the buttons are %j', (methods, labels) => {
  const buttons = [...signIn(methods).matchAll(/<button[^>]*>\s*([^<]*?)\s*<\/button>/g)]
  expect(buttons.map(([, label]) => label)).toEqual(labels)
})

test('the waiting page asks again by itself only while there is something to wait for', () => {
  const refreshes = (state: 'pending' | 'approved' | 'refused' | 'expired'): boolean =>
    htmlOf(
      waitingPage({
        state,
        linkId: '42',
        address: 'a•••@example.test',
        routes: '',
        startAgainUrl: '/sign-in',
        expiresInSeconds: 100,
        lifetimeSeconds: 180,
        linkEnds: true,
      }),
    ).includes('http-equiv="refresh"')
  expect(
    ['pending', 'approved', 'refused', 'expired'].filter((s) => refreshes(s as 'pending')),
  ).toEqual(['pending'])
})

test('the inbox is offered only on the emulator', () => {
  const live = { ...site, inboxUrl: undefined }
  const page = errorPage('unavailable', { url: '/' })
  expect(signIn(['email'])).toContain('Open the inbox')
  expect(pageHtml(signInPage({ returnTo: '/' }), english, live)).not.toContain('inbox')
  expect(htmlOf(page)).not.toContain('Open the inbox')
})

test('the name of the brand stands beside its logo', () => {
  const brand = { ...site.brand, logoUrl: '/logo.svg' }
  const page = pageHtml(signInPage({ returnTo: '/' }), english, { ...site, brand })
  expect(page).toMatch(
    /<header class="brand">\s*<img src="\/logo\.svg" alt="" \/> Fernhill Library/,
  )
})

test('the script is a script, and submits no form', () => {
  expect(() => new Script(script)).not.toThrow()
  expect(script).not.toMatch(/\.(submit|requestSubmit|click)\(/)
})

async function allPages(): Promise<[string, string][]> {
  const names = languages.tags.flatMap((tag) => [...gallery.keys()].map((name) => [tag, name]))
  return Promise.all(
    names.map(async ([tag = '', name = '']): Promise<[string, string]> => [
      `${name} in ${tag}`,
      await pageIn(tag, name),
    ]),
  )
}

function signIn(methods: readonly SignInMethod[]): string {
  return htmlOf(withSettings({ methods }, signInPage({ returnTo: '/' })))
}

function htmlOf(page: Page): string {
  return pageHtml(page, english, site)
}
