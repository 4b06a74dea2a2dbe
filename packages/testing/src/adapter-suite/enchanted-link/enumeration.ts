import { memoryStore } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { postForm } from '../steps.ts'
import { watchedStore } from '../watched-store.ts'
import { enchanted, visitWaiting } from './steps.ts'

const windowMs = 15 * 60_000
const known = 'bob@example.test'
const unknown = 'eve@example.test'
const paused = 'pia@example.test'
const json = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }

/** A response without what may differ: the address and number, sealed bytes, and seconds. */
function comparable({ status, headers, body, location }: BrowserResponse): object {
  const { date: _, etag, 'content-length': length, 'set-cookie': cookies, ...rest } = headers
  const { 'retry-after': wait, ...others } = rest
  const sealed = [cookies ?? []].flat().map((line) => line.replace(/=eyJ[\w.-]+/, sealedLength))
  const text = body
    .replace(/\b(?:bob|eve|[be]\*{3})@/g, 'x@')
    .replace(/("linkId":"|Choose |choose |aria-hidden="true">|<title>)\d\d\b/g, '$1NN')
    // The two requests follow each other, on a clock that runs.
    .replace(/(expires-in="|dashoffset="|another )[\d.]+/g, '$1…')
  // Both depend on the body.
  const bodied = [etag !== undefined, length !== undefined]
  const waits = wait !== undefined
  return { status, location, headers: others, bodied, waits, cookies: sealed, body: text }
}

function sealedLength(sealed: string): string {
  return `=${sealed.length} bytes`
}

/** All responses that one browser gets about its attempt. */
async function allResponses(app: TestApp, browser: Browser): Promise<object[]> {
  const responses = [
    await browser.visit('/auth/enchanted-link/status', { method: 'HEAD', headers: json }),
    await browser.visit('/auth/enchanted-link/complete', { body: '{}', headers: bodyOfJson }),
    await browser.visit('/auth/enchanted-link/complete', { form: {} }),
    await visitWaiting(app, browser),
  ]
  return responses.map(comparable)
}

const bodyOfJson = { ...json, 'content-type': 'application/json' }

/** One long poll of each browser, both open for the whole 25 seconds. */
async function pollBoth(app: TestApp, browsers: readonly Browser[]): Promise<object[]> {
  const polls: Promise<BrowserResponse>[] = []
  for (const browser of browsers) {
    const asleep = app.asleep(25_000)
    polls.push(browser.visit('/auth/enchanted-link/status', { headers: json }))
    await asleep
  }
  app.emulator.clock.advance(25_000)
  return (await Promise.all(polls)).map(comparable)
}

/** A copy of a browser that keeps the pending cookie past its end. */
function withKeptCookie(app: TestApp, browser: Browser): Browser {
  const copy = app.browser()
  copy.setCookie(browser.cookiePairs(app.cookieNames.pending))
  return copy
}

/** Creates the account of an address. */
async function createAccount(app: TestApp, address = known): Promise<void> {
  await app.client.magicLink.signUpOrIn.email(address, app.origin)
  const [link] = (await app.emulator.inbox.waitFor({ to: address })).links
  await app.client.magicLink.verify(link?.token ?? '')
}

/** Enumeration of accounts. */
export function enumerationCases(adapter: TestAdapter): void {
  describe(`T-50 enumeration by waiting, on ${adapter.name}`, () => {
    test.each([
      ['without linkLifetimeMinutes', {}, 10],
      ['with linkLifetimeMinutes', { linkLifetimeMinutes: 3 }, 3],
    ])(
      '%s: all responses are the same with and without an account',
      async (_, options, minutes) => {
        await using app = await adapter.start({
          methods: ['email', 'enchanted'],
          mode: 'sign-in',
          emulator: { linkLifetimeSeconds: 180 },
          ...options,
        })
        const { clock } = app.emulator
        await createAccount(app)

        const [one, other] = [app.browser(), app.browser()]
        const request = (browser: Browser, loginId: string): Promise<BrowserResponse> =>
          browser.visit('/auth/enchanted-link', { form: { loginId }, headers: json })
        expect(comparable(await request(one, known))).toEqual(
          comparable(await request(other, unknown)),
        )
        const end = clock.now() + minutes * 60_000
        const [copy, otherCopy] = [withKeptCookie(app, one), withKeptCookie(app, other)]

        for (const secondsLeft of [minutes * 60, minutes * 30, 60]) {
          clock.advance(Math.max(0, end - secondsLeft * 1000 - clock.now()))
          const [first, second] = await pollBoth(app, [one, other])
          expect(first).toEqual(second)
          expect(first).toMatchObject({ status: 200, body: '{"state":"pending"}' })
          expect(await allResponses(app, one)).toEqual(await allResponses(app, other))
        }
        clock.advance(end - clock.now())
        expect(await allResponses(app, one)).toEqual(await allResponses(app, other))
        const received = await allResponses(app, copy)
        expect(received).toEqual(await allResponses(app, otherCopy))
        expect(received).toContainEqual(expect.objectContaining({ body: '{"state":"expired"}' }))
      },
    )
  })

  describe(`T-51 enumeration by time, on ${adapter.name}`, () => {
    // The time of a response depends on the service and is not hidden. The limits bound how often it
    // can be measured: a limited request is refused without a request to the service.
    test('the time for an address can be measured five times in 15 minutes, known or not', async () => {
      await using app = await adapter.start({ mode: 'sign-in' })
      await createAccount(app)
      const { clock } = app.emulator
      clock.advance(windowMs - (clock.now() % windowMs))
      const request = async (loginId: string): Promise<object> => {
        const options = { form: { loginId }, headers: json }
        return comparable(await app.browser().visit('/auth/magic-link', options))
      }
      const received: object[] = []
      // The pause between two requests is over each time, and all of them take less than 15 minutes.
      for (let pair = 0; pair < 20; pair += 1) {
        const response = await request(known)
        expect(await request(unknown)).toEqual(response)
        received.push(response)
        clock.advance(30_000)
      }
      const statuses = [...Array(5).fill(202), ...Array(15).fill(429)]
      expect(received).toMatchObject(statuses.map((status) => ({ status })))
      expect(app.calls('/v1/auth/magiclink/signin/email')).toBe(10)
    })
  })

  describe(`P14 attempts that were never sent, on ${adapter.name}`, () => {
    test('get the same responses, with the same operations of the store, on every route', async () => {
      let operations: string[] = []
      const store = watchedStore(memoryStore(), (operation, key) => {
        operations.push(`${operation} ${key.replace(/:.*/, '')}`)
      })
      const limits = { cooldownSeconds: 0 }
      await using app = await adapter.start({
        ...enchanted,
        limits,
        mode: 'sign-in',
        client: { store },
      })
      await createAccount(app)
      const { clock } = app.emulator
      const seen: object[][] = []
      for (const loginId of [known, unknown]) {
        // In the same second of a window, so that what counts down is the same.
        clock.advance(windowMs - (clock.now() % windowMs))
        const browser = app.browser()
        const responses: object[] = []
        const send = async (sent: () => Promise<BrowserResponse>): Promise<BrowserResponse> => {
          operations = []
          const response = await sent()
          responses.push({ ...comparable(response), operations })
          return response
        }
        const form = { loginId }
        const madeUp = { t: 'made-up', state: 'A'.repeat(22) }
        const magic = '/auth/magic-link'
        const wait = '/auth/enchanted-link'
        await send(() => browser.visit('/auth/sign-in'))
        await send(() => browser.visit(magic, { form }))
        const page = await send(() => browser.visit('/auth/check-inbox'))
        await send(() => browser.submit(page))
        await send(() => browser.submit(page))
        await send(() => postForm(browser, magic, form))
        await send(() => browser.visit(`/auth/verify/${madeUp.state}?t=${madeUp.t}`))
        await send(() => postForm(browser, '/auth/verify', madeUp))
        await send(() => browser.visit(wait, { form }))
        await send(() => browser.visit('/auth/waiting'))
        await send(() => browser.visit(`${wait}/status`, { method: 'HEAD', headers: json }))
        await send(() => browser.visit(`${wait}/complete`, { form: {} }))
        await send(() => postForm(browser, `${wait}/complete`))
        await send(() => browser.visit(`${wait}/verify/${madeUp.state}?t=${madeUp.t}`))
        for (const decision of ['approve', 'refuse']) {
          await send(() => postForm(browser, `${wait}/verify`, { ...madeUp, decision }))
        }
        await send(() => postForm(browser, wait, form))
        for (const path of ['/auth/session', '/auth/step-up/status', '/me']) {
          await send(() => browser.visit(path, { headers: json }))
        }
        await send(() => postForm(browser, '/auth/step-up/complete'))
        await send(() => postForm(browser, '/auth/logout'))
        seen.push(responses)
      }
      expect(seen[1]).toEqual(seen[0])
      const statuses = seen[0]?.map((response) => Reflect.get(response, 'status'))
      expect(statuses?.slice(0, 9)).toEqual([200, 303, 200, 303, 303, 202, 400, 400, 303])
      expect(statuses?.[16]).toBe(429)
    })

    test('take the same operations of the store on every route, and fail alike without it', async () => {
      let operations: string[] = []
      let fails = false
      const store = watchedStore(memoryStore(), (operation, key) => {
        operations.push(`${operation} ${key.replace(/:.*/, '')}`)
        if (fails) throw new Error('the store is unavailable')
      })
      await using app = await adapter.start({
        ...enchanted,
        mode: 'sign-in',
        limits: false,
        client: { store },
      })
      for (const address of [known, paused]) await createAccount(app, address)
      for (const _ of [1, 2]) await refuseOne(app, paused)
      const seen: object[] = []
      for (const loginId of [known, unknown, paused]) {
        const browser = app.browser()
        /** What a request takes; polls of the service come between the operations of a long one. */
        const taken = async (sent: Promise<BrowserResponse>): Promise<object> => {
          operations = []
          const { status, body, headers } = await sent
          const cookies = [headers['set-cookie'] ?? []].flat().length
          return { operations, status, cookies, state: /"state":"\w+"/.exec(body)?.[0] }
        }
        const complete = '/auth/enchanted-link/complete'
        const exact = [
          await taken(postForm(browser, '/auth/enchanted-link', { loginId })),
          await taken(postForm(browser, complete)),
          await taken(browser.visit(complete, { form: {} })),
        ]
        const asleep = app.asleep(25_000)
        operations = []
        const polling = browser.visit('/auth/enchanted-link/status', { headers: json })
        await asleep
        for (let second = 0; second < 5; second += 1) {
          const turn = app.asleep(1000)
          app.emulator.clock.advance(1000)
          await turn
        }
        const polled = operations.toSorted().join()
        app.emulator.clock.advance(25_000)
        const { status, body } = await polling
        fails = true
        const out = [
          await taken(postForm(app.browser(), '/auth/enchanted-link', { loginId })),
          await taken(postForm(browser, complete)),
          await taken(browser.visit('/auth/enchanted-link/status', { headers: json })),
          await taken(visitWaiting(app, browser)),
        ].map((response) => ({ ...response, operations: [] }))
        fails = false
        app.emulator.clock.advance(60_000)
        await postForm(app.browser(), '/auth/enchanted-link', { loginId: 'any@example.test' })
        seen.push({ exact, polled, status, body, out })
      }
      expect(seen[1]).toEqual(seen[0])
      expect(seen[2]).toEqual(seen[0])
      expect(seen[0]).toMatchObject({
        body: '{"state":"pending"}',
        out: [{ status: 503 }, { status: 503 }, { status: 503 }, { status: 200 }],
      })
    })
  })
}

/** Requests an enchanted link, and refuses it. */
async function refuseOne(app: TestApp, loginId: string): Promise<void> {
  await postForm(app.browser(), '/auth/enchanted-link', { loginId })
  const url = new URL(app.emulator.inbox.list({ to: loginId })[0]?.links[0]?.url ?? '')
  const phone = app.browser()
  await phone.submit(await phone.visit(url.pathname + url.search), { decision: 'refuse' })
}
