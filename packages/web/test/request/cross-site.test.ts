import { describe, expect, test } from 'vitest'
import { readVectors } from '@linkpass/testing'
import { vectorsOrSkip } from '@linkpass/testing/vitest'
import { requestOf } from '../request-of.ts'
import { parseAppUrl } from '../../src/app-url.ts'
import { crossSiteFailure, isCrossSite } from '../../src/request/cross-site.ts'

interface GoCase {
  readonly name: string
  readonly method: string
  readonly secFetchSite: string
  readonly origin: string
  readonly allow: boolean
}

describe("Go's cross-origin rule", () => {
  test('agrees with every case of Go that needs no trusted list', (context) => {
    vectorsOrSkip(context)
    const { secFetchSite } = JSON.parse(readVectors('golang-csrf/cross_origin_cases.json'))
    const cases: readonly GoCase[] = secFetchSite
    expect(cases.length).toBeGreaterThan(10)
    for (const { name, method, secFetchSite: site, origin, allow } of cases) {
      const headers = { 'sec-fetch-site': site, origin, host: 'example.com' }
      expect(isCrossSite(requestOf(method, headers), 'https://example.com'), name).toBe(!allow)
      expect(isCrossSite(requestOf(method, headers)), `${name}, by Host`).toBe(!allow)
    }
  })

  const app = 'https://app.example.com'

  test.each([
    ['a form on another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a form on a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['an old browser on another site', { origin: 'https://evil.example' }],
    ['our host by http', { origin: 'http://app.example.com' }],
    ['our host on another port', { origin: 'https://app.example.com:8443' }],
    ['fetch metadata against its origin', { 'sec-fetch-site': 'cross-site', origin: app }],
  ])('a request forged by %s is refused', (_, headers) => {
    expect(isCrossSite(requestOf('POST', headers), app)).toBe(true)
  })

  test.each([
    ['a form of its own', { 'sec-fetch-site': 'same-origin', origin: app }],
    ['a typed address', { 'sec-fetch-site': 'none' }],
    ['an old browser', { 'sec-fetch-site': '', origin: app }],
    ['a program', { origin: '' }],
    ['a program without either header', {}],
  ])('a request of %s passes', (_, headers) => {
    expect(isCrossSite(requestOf('POST', headers), app)).toBe(false)
  })

  test.each(['GET', 'HEAD', 'OPTIONS'])('%s is safe from any site', (method) => {
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    expect(isCrossSite(requestOf(method, headers), app)).toBe(false)
  })

  test('without an origin of our own, the Host header says what it is', () => {
    const by = (origin: string): boolean =>
      isCrossSite(requestOf('POST', { origin, host: 'app.example.com:8443' }))
    expect(by('https://app.example.com:8443')).toBe(false)
    expect(by('https://app.example.com')).toBe(true)
    expect(by('https://evil.example:8443')).toBe(true)
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'post'])('%s counts as unsafe', (method) => {
    expect(isCrossSite(requestOf(method, { 'sec-fetch-site': 'cross-site' }), app)).toBe(true)
  })

  test('a Host header has no say where the app’s own address is known', () => {
    const by = (origin: string, host: string) =>
      isCrossSite(requestOf('POST', { origin, host }), app)
    expect(by('https://evil.example', 'evil.example')).toBe(true)
    expect(by(app, '10.0.0.7:3000')).toBe(false)
  })

  test('two Origin headers are nobody’s', () => {
    const headers = { origin: [app, 'https://evil.example'] }
    expect(isCrossSite(requestOf('POST', headers), app)).toBe(true)
  })

  test('without an origin of our own, one that is no URL is refused', () => {
    expect(isCrossSite(requestOf('POST', { origin: 'x', host: 'x' }))).toBe(true)
    expect(isCrossSite(requestOf('POST', { origin: 'http://x/\u009B', host: 'x' }))).toBe(true)
  })
})

describe('the failure of a request from another site', () => {
  const trusted = ['http://localhost:5173']
  const failureOf = (appUrl: string, headers: Record<string, string>): unknown =>
    crossSiteFailure(requestOf('POST', headers), { ...parseAppUrl(appUrl), trusted })

  test('there is none for the app’s own page, and for a front end that it trusts', () => {
    const own = { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }
    expect(failureOf('http://localhost:3000', own)).toBeUndefined()
    const front = { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' }
    expect(failureOf('http://localhost:3000', front)).toBeUndefined()
  })

  test.each([
    ['http://localhost:5174', 'http://localhost:5174'],
    ['http://127.0.0.1:5173', 'http://localhost:5173'],
    ['http://[::1]:8080', 'http://localhost:8080'],
    ['https://localhost:5173', 'http://localhost:5173'],
    ['http://127.0.0.1', 'http://localhost'],
  ])('in development, it names the front end %s, as the same site', (given, origin) => {
    const failure = failureOf('http://localhost:3000', { origin: given })
    expect(failure).toEqual({ kind: 'cross-site', origin })
  })

  test.each([
    ['of another machine', { origin: 'http://evil.example' }],
    ['that is no origin', { origin: 'http://localhost:5174/path' }],
    ['that is no URL', { origin: 'null' }],
    ['that is absent', { 'sec-fetch-site': 'cross-site' }],
    ['of the app itself', { origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' }],
  ])('in development, it names no origin %s', (_, headers) => {
    expect(failureOf('http://localhost:3000', headers)).toEqual({ kind: 'cross-site' })
  })

  test('in production, it names none', () => {
    const failure = failureOf('https://app.example.com', { origin: 'http://localhost:5174' })
    expect(failure).toEqual({ kind: 'cross-site' })
  })
})
