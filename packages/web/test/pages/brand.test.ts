import { expect, test } from 'vitest'
import { resolveBrand } from '../../src/pages/theme/brand.ts'
import { pageHeaders } from '../../src/pages/headers.ts'

const appUrl = { origin: 'https://library.example', path: '' }

test('an app without a brand goes by its host', () => {
  expect(resolveBrand({}, appUrl)).toEqual({
    name: 'library.example',
    logoUrl: undefined,
    accent: [13, 110, 95],
  })
})

test.each(['/logo.svg', 'https://cdn.example/logo.svg'])('%s is a logo', (logoUrl) => {
  expect(resolveBrand({ logoUrl }, appUrl).logoUrl).toBe(logoUrl)
})

test.each([
  ['brand.name', { name: ' ' }],
  ['brand.name', { name: 'x'.repeat(81) }],
  ['brand.logoUrl', { logoUrl: '//evil.test/logo.svg' }],
  ['brand.logoUrl', { logoUrl: '/\\evil.test/logo.svg' }],
  ['brand.logoUrl', { logoUrl: 'javascript:alert(1)' }],
  ['brand.logoUrl', { logoUrl: 'http://cdn.example/logo.svg' }],
  ['brand.logoUrl', { logoUrl: "https://cdn.example/'; script-src *" }],
  ['brand.logoUrl', { logoUrl: 'https://cdn.example;sandbox/logo.svg' }],
  ['brand.accentColor', { accentColor: 'teal' }],
  ['brand.accentColor', { accentColor: 'red;} body{display:none' }],
])('%s is refused when it is %j', (option, options) => {
  expect(() => resolveBrand(options, appUrl)).toThrow(TypeError)
  expect(() => resolveBrand(options, appUrl)).toThrow(option)
})

test('pages load from their own origin only, and a logo from its own', () => {
  const policyFor = (logoUrl: string): string | undefined =>
    pageHeaders(resolveBrand({ logoUrl }, appUrl), false)['Content-Security-Policy']
  expect(policyFor('/logo.svg')).toBe(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; " +
      "img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  )
  expect(policyFor('https://cdn.example/a;b/logo.svg')).toContain(
    "img-src 'self' data: https://cdn.example; form-action",
  )
})

test('a logo at a path of the app is below the path of appUrl', () => {
  const below = { ...appUrl, path: '/app' }
  expect(resolveBrand({ logoUrl: '/logo.svg' }, below).logoUrl).toBe('/app/logo.svg')
  const elsewhere = 'https://cdn.example/logo.svg'
  expect(resolveBrand({ logoUrl: elsewhere }, below).logoUrl).toBe(elsewhere)
})

test('a page with a form does not limit where the redirects after it lead', () => {
  const headers = pageHeaders(resolveBrand({}, appUrl), true)
  expect(headers['Content-Security-Policy']).not.toContain('form-action')
})

test('a page says no more than its origin where it posts, and nothing where it does not', () => {
  const brand = resolveBrand({}, appUrl)
  expect(pageHeaders(brand, true)['Referrer-Policy']).toBe('strict-origin')
  expect(pageHeaders(brand, false)['Referrer-Policy']).toBe('no-referrer')
})

test('no page is stored, indexed, sniffed or held by its opener', () => {
  expect(pageHeaders(resolveBrand({}, appUrl), false)).toMatchObject({
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'X-Robots-Tag': 'noindex, noarchive',
    'X-Content-Type-Options': 'nosniff',
  })
})
