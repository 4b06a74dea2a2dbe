import { describe, expect, test } from 'vitest'
import { requestOf } from '../request-of.ts'
import {
  type LinkAction,
  type LinkFacts,
  type Opening,
  decideConfirm,
  decideOpen,
  givesSession,
} from '../../src/magic-link/decide.ts'
import {
  isPageRequest,
  isPageNavigation,
  isPrefetch,
  isTopLevelNavigation,
} from '../../src/request/navigation.ts'

const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const signIn: LinkFacts = {
  kind: 'sign-in',
  isAsking: true,
  user: 'none',
  isLive: true,
  isUsedHere: false,
}
const stepUp: LinkFacts = { ...signIn, kind: 'step-up', user: 'same' }
const change: LinkFacts = { ...stepUp, kind: 'change-email' }
const number: LinkFacts = { ...stepUp, kind: 'change-phone' }
const elsewhere = { isAsking: false, user: 'none' } as const
const used = { isUsedHere: true, user: 'another' } as const

/** Facts, what a click does, what opening does, and whether the browser gets a session. */
const table: readonly (readonly [string, LinkFacts, LinkAction, LinkAction, boolean])[] = [
  ['a sign-in, asking', signIn, 'redeem', 'redeem', true],
  ['a sign-in, asking, over a session', { ...signIn, user: 'another' }, 'redeem', 'page', true],
  ['a sign-in, asking, in an outage', { ...signIn, user: 'unknown' }, 'redeem', 'page', true],
  ['a sign-in elsewhere', { ...signIn, ...elsewhere }, 'redeem', 'page', true],
  ['a sign-in used here', { ...signIn, ...used }, 'redirect', 'redirect', true],
  ['a step-up, asking', stepUp, 'redeem', 'redeem', true],
  ['a step-up, another user by now', { ...stepUp, user: 'another' }, 'ended', 'ended', false],
  ['a step-up, signed out by now', { ...stepUp, user: 'none' }, 'ended', 'ended', false],
  ['a step-up in an outage', { ...stepUp, user: 'unknown' }, 'unavailable', 'page', false],
  ['a step-up that ended', { ...stepUp, isLive: false }, 'ended', 'ended', true],
  ['a step-up elsewhere', { ...stepUp, ...elsewhere }, 'approve', 'page', false],
  [
    'a step-up elsewhere, of the user signed in',
    { ...stepUp, isAsking: false },
    'approve',
    'page',
    false,
  ],
  [
    'a step-up elsewhere that ended',
    { ...stepUp, ...elsewhere, isLive: false },
    'ended',
    'ended',
    false,
  ],
  [
    'a step-up elsewhere that no browser waits for',
    { ...stepUp, ...elsewhere, approval: 'over' },
    'over',
    'over',
    false,
  ],
  ['a step-up, asking, after its wait', { ...stepUp, approval: 'over' }, 'redeem', 'redeem', true],
  ...[stepUp, { ...stepUp, ...elsewhere }].map((facts): (typeof table)[number] => [
    `a step-up after two wrong codes, asking ${facts.isAsking}`,
    { ...facts, approval: 'code-refused' },
    'code-refused',
    'code-refused',
    facts.isAsking,
  ]),
  ['a step-up used here', { ...stepUp, isUsedHere: true }, 'redirect', 'redirect', true],
  ...[change, number].flatMap((facts): (typeof table)[number][] => [
    [`a ${facts.kind}, asking`, facts, 'redeem', 'redeem', true],
    [`a ${facts.kind}, another user`, { ...facts, user: 'another' }, 'ended', 'ended', false],
    [`a ${facts.kind}, signed out`, { ...facts, user: 'none' }, 'ended', 'ended', false],
    [`a ${facts.kind}, an outage`, { ...facts, user: 'unknown' }, 'unavailable', 'page', false],
    [`a ${facts.kind} that ended`, { ...facts, isLive: false }, 'ended', 'ended', true],
    [`a ${facts.kind} elsewhere`, { ...facts, ...elsewhere }, 'redeem', 'page', false],
    [
      `a ${facts.kind} elsewhere, as its user`,
      { ...facts, isAsking: false },
      'redeem',
      'page',
      false,
    ],
    [
      `a ${facts.kind} elsewhere that ended`,
      { ...facts, ...elsewhere, isLive: false },
      'ended',
      'ended',
      false,
    ],
  ]),
]

describe('what a link does', () => {
  const opening: Opening = { navigation: 'top-level', confirm: 'unless-same-browser' }

  test.each(table)('%s', (_, facts, clicked, opened, gives) => {
    expect(decideConfirm(facts)).toBe(clicked)
    expect(decideOpen(facts, opening)).toBe(opened)
    expect(givesSession(facts)).toBe(gives)
  })

  test.each(table)('%s, opened in other ways', (_, facts, clicked) => {
    const page = ['ended', 'over', 'code-refused'].includes(clicked) ? clicked : 'page'
    const open = (ways: Partial<Opening>): LinkAction => decideOpen(facts, { ...opening, ...ways })
    expect(open({ navigation: 'ahead' })).toBe(page)
    expect(open({ navigation: 'ahead', confirm: 'dangerously-never' })).toBe(page)
    expect(open({ navigation: 'other' })).toBe(clicked === 'redirect' ? 'redirect' : page)
    expect(open({ confirm: 'always' })).toBe(clicked === 'redirect' ? 'redirect' : page)
    const never = clicked === 'unavailable' || clicked === 'approve' ? 'page' : clicked
    expect(open({ confirm: 'dangerously-never' })).toBe(never)
    expect(open({ navigation: 'other', confirm: 'dangerously-never' })).toBe(never)
  })
})

describe('a page load', () => {
  const mode = { 'sec-fetch-mode': 'navigate' }
  const frame = { 'sec-fetch-dest': 'iframe' }
  const viaWorker = { ...mode, 'sec-fetch-dest': 'empty' }
  const changed = { 'sec-fetch-mode': 'same-origin', 'sec-fetch-dest': 'empty' }
  const old = { accept: 'text/html, */*; q=0.01' }

  test.each([
    ['Fetch Metadata', 'GET', navigation, true],
    ['a fetch of script', 'GET', { 'sec-fetch-mode': 'cors', accept: 'text/html' }, false],
    ['a frame', 'GET', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, false],
    ['a service worker', 'GET', { ...viaWorker, accept: 'text/html,*/*;q=0.8' }, true],
    ['a service worker that asks for JSON', 'GET', { ...viaWorker, accept: '*/*' }, false],
    // `fetch(event.request, { cache: 'no-store' })` makes a request of this mode of a navigation.
    ['a service worker with options', 'GET', { ...changed, accept: 'text/html,*/*;q=0.8' }, true],
    [
      'a service worker with options that asks for JSON',
      'GET',
      { ...changed, accept: '*/*' },
      false,
    ],
    [
      'the script of a worker',
      'GET',
      { ...changed, 'sec-fetch-dest': 'worker', accept: '*/*' },
      false,
    ],
    [
      'navigation preload',
      'GET',
      { ...navigation, 'service-worker-navigation-preload': 'true' },
      true,
    ],
    [
      'an old WebKit',
      'GET',
      { accept: 'application/xml,application/xhtml+xml,text/html;q=0.9' },
      true,
    ],
    ['an Accept in capitals', 'GET', { accept: 'TEXT/HTML, */*' }, true],
    ['an XMLHttpRequest of old', 'GET', { ...old, 'x-requested-with': 'XMLHttpRequest' }, false],
    ['htmx in an old browser', 'GET', { ...old, 'hx-request': 'true' }, false],
    ['the web view of a phone app', 'GET', { ...old, 'x-requested-with': 'com.example.app' }, true],
    [
      'Turbo',
      'GET',
      { 'sec-fetch-mode': 'cors', accept: 'text/html, application/xhtml+xml' },
      false,
    ],
    ['an event source', 'GET', { 'sec-fetch-mode': 'cors', accept: 'text/event-stream' }, false],
    ['curl', 'GET', { accept: '*/*' }, false],
    ['a prefetch of the page', 'GET', { ...navigation, 'sec-purpose': 'prefetch' }, true],
    ['a browser without Sec-Fetch-Dest', 'GET', { ...mode, accept: 'text/html,*/*' }, true],
    ['a frame that accepts HTML', 'GET', { ...mode, ...frame, accept: 'text/html' }, false],
    ['an Accept of a browser', 'GET', { accept: 'text/html,*/*;q=0.8' }, true],
    ['an Accept of a program', 'GET', { accept: 'application/json, text/html' }, false],
    ['nothing', 'GET', {}, false],
    ['a POST', 'POST', navigation, false],
  ])('by %s', (_, method, headers, expected) => {
    expect(isPageNavigation(requestOf(method, headers))).toBe(expected)
  })

  test('T-30: a link that a service worker passes on is not known to be top-level', () => {
    const headers = { ...viaWorker, accept: 'text/html' }
    expect(isTopLevelNavigation(requestOf('GET', headers))).toBe(false)
  })

  test('a form that a person sent is looked at, and what script sent is not', () => {
    expect(isPageRequest(requestOf('POST', navigation))).toBe(true)
    expect(isPageRequest(requestOf('POST', { accept: 'text/html' }))).toBe(true)
    const script = { 'sec-fetch-mode': 'cors', accept: 'text/html' }
    expect(isPageRequest(requestOf('POST', script))).toBe(false)
    expect(isPageRequest(requestOf('POST', { accept: '*/*' }))).toBe(false)
  })

  test.each([
    ...[{ purpose: 'Prefetch' }, { 'x-moz': 'prefetch' }, { 'x-purpose': 'preview' }],
    ...[{ 'sec-purpose': 'prefetch' }, { 'sec-purpose': 'prefetch;prerender' }],
    { 'sec-purpose': 'prefetch;anonymous-client-ip' },
  ])('ahead of time by %j', (headers) => {
    expect(isPrefetch(requestOf('GET', { ...navigation, ...headers }))).toBe(true)
    expect(isTopLevelNavigation(requestOf('GET', { ...navigation, ...headers }))).toBe(false)
    expect(isPrefetch(requestOf('GET', navigation))).toBe(false)
  })
})
