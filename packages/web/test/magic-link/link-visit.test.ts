import { describe, expect, test } from 'vitest'
import {
  decideLinkVisit,
  isLookedAt,
  isPageNavigation,
  isPrefetch,
  type LinkVisitFacts,
  newBrowserRecord,
  withStart,
  withUsedLink,
} from '@linkpass/web'

const state = 'a'.repeat(22)
const now = Date.UTC(2026, 0, 15)
const start = {
  state,
  method: 'email',
  loginId: 'ada@example.test',
  returnTo: '/me',
  createdAt: now - 1000,
} as const
const record = withStart(newBrowserRecord('b'.repeat(22)), start)
const stepUp = withStart(newBrowserRecord('b'.repeat(22)), { ...start, userId: 'U1' })
const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

const sameBrowser: LinkVisitFacts = {
  request: { method: 'GET', headers: navigation },
  links: ['newer', 'L'],
  state,
  record,
  signedInAs: undefined,
  undecided: false,
  confirm: 'unless-same-browser',
  now,
}

const withHeaders = (headers: Record<string, string>): Partial<LinkVisitFacts> => ({
  request: { method: 'GET', headers: { ...navigation, ...headers } },
})

describe('a visit to a link', () => {
  test.each<[string, Partial<LinkVisitFacts>, 'ask' | 'spend' | 'land']>([
    ['the browser that asked', {}, 'spend'],
    ['HEAD', { request: { method: 'HEAD', headers: navigation } }, 'ask'],
    ['a prefetch', withHeaders({ 'sec-purpose': 'prefetch' }), 'ask'],
    ['a preview of Safari', withHeaders({ 'x-purpose': 'preview' }), 'ask'],
    ['a frame', withHeaders({ 'sec-fetch-dest': 'iframe' }), 'ask'],
    ['no Fetch Metadata', { request: { method: 'GET', headers: {} } }, 'ask'],
    ['another browser', { record: undefined }, 'ask'],
    ['another state', { state: 'c'.repeat(22) }, 'ask'],
    ['no state', { state: undefined }, 'ask'],
    ['a start of an hour ago', { now: now + 60 * 60 * 1000 }, 'ask'],
    ['somebody signed in', { signedInAs: 'U2' }, 'ask'],
    ['somebody who may be signed in, in an outage', { undecided: true }, 'ask'],
    ['confirm: always', { confirm: 'always' }, 'ask'],
    ['confirm: dangerously-never, elsewhere', neverElsewhere(), 'spend'],
    [
      'confirm: dangerously-never, a prefetch',
      { ...neverElsewhere(), ...withHeaders({ 'sec-purpose': 'prefetch' }) },
      'ask',
    ],
    ['confirm: dangerously-never, HEAD', { ...neverElsewhere(), ...head() }, 'ask'],
    [
      'a link used here, its session held',
      { record: withUsedLink(record, { link: 'L', userId: 'U1' }), signedInAs: 'U1' },
      'land',
    ],
    [
      'a prefetch of a link used here',
      {
        record: withUsedLink(record, { link: 'L', userId: 'U1' }),
        signedInAs: 'U1',
        ...withHeaders({ 'sec-purpose': 'prefetch' }),
      },
      'ask',
    ],
    [
      'a link used here, another person signed in',
      { record: withUsedLink(record, { link: 'L', userId: 'U1' }), signedInAs: 'U2' },
      'ask',
    ],
    [
      'a browser without a record, somebody signed in',
      { record: undefined, signedInAs: 'U1' },
      'ask',
    ],
    [
      'another link used here',
      { record: withUsedLink(record, { link: 'M', userId: 'U1' }), signedInAs: 'U1' },
      'ask',
    ],
    ['a step-up of the person signed in', { record: stepUp, signedInAs: 'U1' }, 'spend'],
    ['a step-up of a person who is signed out by now', { record: stepUp }, 'spend'],
    ['a step-up of somebody else', { record: stepUp, signedInAs: 'U2' }, 'ask'],
  ])('by %s', (_, facts, act) => {
    expect(decideLinkVisit({ ...sameBrowser, ...facts }).act).toBe(act)
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
  expect(decideLinkVisit({ ...sameBrowser, ...facts }).start).toEqual(start)
})

function neverElsewhere(): Partial<LinkVisitFacts> {
  return { confirm: 'dangerously-never', record: undefined }
}

function head(): Partial<LinkVisitFacts> {
  return { request: { method: 'HEAD', headers: {} } }
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
    expect(isPageNavigation({ method, headers })).toBe(expected)
  })

  test('a form that a person sent is looked at, and what script sent is not', () => {
    expect(isLookedAt({ method: 'POST', headers: navigation })).toBe(true)
    expect(isLookedAt({ method: 'POST', headers: { accept: 'text/html' } })).toBe(true)
    const script = { 'sec-fetch-mode': 'cors', accept: 'text/html' }
    expect(isLookedAt({ method: 'POST', headers: script })).toBe(false)
    expect(isLookedAt({ method: 'POST', headers: { accept: '*/*' } })).toBe(false)
  })

  test.each(['purpose', 'x-moz', 'sec-purpose'])('ahead of time by %s', (name) => {
    expect(isPrefetch({ method: 'GET', headers: { [name]: 'Prefetch' } })).toBe(true)
    expect(isPrefetch({ method: 'GET', headers: {} })).toBe(false)
  })
})
