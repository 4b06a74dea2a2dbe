import { describe, expect, test } from 'vitest'
import { requestOf } from '../request-of.ts'
import { decideLinkVisit, type LinkVisitFacts } from '../../src/magic-link/link-visit.ts'
import { isPageRequest, isPageNavigation, isPrefetch } from '../../src/request/navigation.ts'
import { newBrowserRecord, withAttempt, withUsedLink } from '../../src/attempt/browser-record.ts'

const state = 'a'.repeat(22)
const now = Date.UTC(2026, 0, 15)
const attempt = {
  state,
  method: 'email',
  loginId: 'ada@example.test',
  returnTo: '/me',
  createdAt: now - 1000,
} as const
const record = withAttempt(newBrowserRecord('b'.repeat(22)), attempt)
const stepUp = withAttempt(newBrowserRecord('b'.repeat(22)), { ...attempt, userId: 'U1' })
const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

const sameBrowser: LinkVisitFacts = {
  request: requestOf('GET', navigation),
  links: ['newer', 'L'],
  state,
  record,
  signedInAs: undefined,
  undecided: false,
  confirm: 'unless-same-browser',
  now,
}

const withHeaders = (headers: Record<string, string>): Partial<LinkVisitFacts> => ({
  request: requestOf('GET', { ...navigation, ...headers }),
})

describe('a visit to a link', () => {
  test.each<[string, Partial<LinkVisitFacts>, 'confirm' | 'redeem' | 'redirect']>([
    ['the browser that asked', {}, 'redeem'],
    ['HEAD', { request: requestOf('HEAD', navigation) }, 'confirm'],
    ['a prefetch', withHeaders({ 'sec-purpose': 'prefetch' }), 'confirm'],
    ['a preview of Safari', withHeaders({ 'x-purpose': 'preview' }), 'confirm'],
    ['a frame', withHeaders({ 'sec-fetch-dest': 'iframe' }), 'confirm'],
    ['no Fetch Metadata', { request: requestOf('GET', {}) }, 'confirm'],
    ['another browser', { record: undefined }, 'confirm'],
    ['another state', { state: 'c'.repeat(22) }, 'confirm'],
    ['no state', { state: undefined }, 'confirm'],
    ['a attempt of an hour ago', { now: now + 60 * 60 * 1000 }, 'confirm'],
    ['somebody signed in', { signedInAs: 'U2' }, 'confirm'],
    ['somebody who may be signed in, in an outage', { undecided: true }, 'confirm'],
    ['confirm: always', { confirm: 'always' }, 'confirm'],
    ['confirm: dangerously-never, elsewhere', neverElsewhere(), 'redeem'],
    [
      'confirm: dangerously-never, a prefetch',
      { ...neverElsewhere(), ...withHeaders({ 'sec-purpose': 'prefetch' }) },
      'confirm',
    ],
    ['confirm: dangerously-never, HEAD', { ...neverElsewhere(), ...head() }, 'confirm'],
    [
      'a link used here, its session held',
      { record: withUsedLink(record, { link: 'L', userId: 'U1' }), signedInAs: 'U1' },
      'redirect',
    ],
    [
      'a prefetch of a link used here',
      {
        record: withUsedLink(record, { link: 'L', userId: 'U1' }),
        signedInAs: 'U1',
        ...withHeaders({ 'sec-purpose': 'prefetch' }),
      },
      'confirm',
    ],
    [
      'a link used here, another person signed in',
      { record: withUsedLink(record, { link: 'L', userId: 'U1' }), signedInAs: 'U2' },
      'confirm',
    ],
    [
      'a browser without a record, somebody signed in',
      { record: undefined, signedInAs: 'U1' },
      'confirm',
    ],
    [
      'another link used here',
      { record: withUsedLink(record, { link: 'M', userId: 'U1' }), signedInAs: 'U1' },
      'confirm',
    ],
    ['a step-up of the person signed in', { record: stepUp, signedInAs: 'U1' }, 'redeem'],
    ['a step-up of a person who is signed out by now', { record: stepUp }, 'redeem'],
    ['a step-up of somebody else', { record: stepUp, signedInAs: 'U2' }, 'confirm'],
  ])('by %s', (_, facts, act) => {
    expect(decideLinkVisit({ ...sameBrowser, ...facts }).action).toBe(act)
  })
})

test.each<[string, Partial<LinkVisitFacts>]>([
  ['spends it', {}],
  ['spends it whatever happens', { confirm: 'dangerously-never' }],
  ['is asked, whoever it may be', { undecided: true }],
  ['is asked, being a prefetch', withHeaders({ 'sec-purpose': 'prefetch' })],
  ['is asked, in a frame', withHeaders({ 'sec-fetch-dest': 'iframe' })],
  ['lands', { record: withUsedLink(record, { link: 'L', userId: 'U1' }), signedInAs: 'U1' }],
])('what this browser asked for goes with a visit that %s', (_, facts) => {
  expect(decideLinkVisit({ ...sameBrowser, ...facts }).attempt).toEqual(attempt)
})

function neverElsewhere(): Partial<LinkVisitFacts> {
  return { confirm: 'dangerously-never', record: undefined }
}

function head(): Partial<LinkVisitFacts> {
  return { request: requestOf('HEAD', {}) }
}

describe('a page load', () => {
  test.each([
    ['Fetch Metadata', 'GET', navigation, true],
    ['a fetch of script', 'GET', { 'sec-fetch-mode': 'cors', accept: 'text/html' }, false],
    ['a frame', 'GET', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, false],
    ['an Accept of a browser', 'GET', { accept: 'text/html,*/*;q=0.8' }, true],
    ['an Accept of a program', 'GET', { accept: 'application/json, text/html' }, false],
    ['nothing', 'GET', {}, false],
    ['a POST', 'POST', navigation, false],
  ])('by %s', (_, method, headers, expected) => {
    expect(isPageNavigation(requestOf(method, headers))).toBe(expected)
  })

  test('a form that a person sent is looked at, and what script sent is not', () => {
    expect(isPageRequest(requestOf('POST', navigation))).toBe(true)
    expect(isPageRequest(requestOf('POST', { accept: 'text/html' }))).toBe(true)
    const script = { 'sec-fetch-mode': 'cors', accept: 'text/html' }
    expect(isPageRequest(requestOf('POST', script))).toBe(false)
    expect(isPageRequest(requestOf('POST', { accept: '*/*' }))).toBe(false)
  })

  test.each(['purpose', 'x-moz', 'sec-purpose'])('ahead of time by %s', (name) => {
    expect(isPrefetch(requestOf('GET', { [name]: 'Prefetch' }))).toBe(true)
    expect(isPrefetch(requestOf('GET', {}))).toBe(false)
  })
})
