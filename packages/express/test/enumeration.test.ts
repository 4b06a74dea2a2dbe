import { describe, expect, test } from 'vitest'
import { expressVersions, startApp, type TestApp } from './support/app.ts'
import type { Answer, Browser } from './support/browser.ts'

const known = 'bob@example.test'
const unknown = 'eve@example.test'
const json = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }

/** An answer whole, but for the address and number that the asker knows, sealed bytes and seconds. */
function comparable({ status, headers, body, location }: Answer): object {
  const { date: _, etag, 'content-length': length, 'set-cookie': cookies, ...rest } = headers
  const { 'retry-after': wait, ...others } = rest
  const sealed = [cookies ?? []].flat().map((line) => line.replace(/=eyJ[\w.-]+/, sealedLength))
  const text = body
    .replace(/\b(?:bob|eve|[be]\*{3})@/g, 'x@')
    .replace(/("linkId":"|Press |press |aria-hidden="true">|<title>)\d\d\b/g, '$1NN')
    // The two are asked one after the other, on a clock that runs.
    .replace(/(expires-in="|dashoffset="|another )[\d.]+/g, '$1…')
  // Both follow from the body.
  const bodied = [etag !== undefined, length !== undefined]
  const waits = wait !== undefined
  return { status, location, headers: others, bodied, waits, cookies: sealed, body: text }
}

function sealedLength(sealed: string): string {
  return `=${sealed.length} bytes`
}

/** What one browser hears of its start, whatever it asks. */
async function everything(browser: Browser): Promise<object[]> {
  const answers = [
    await browser.visit('/auth/enchanted-link/status', { method: 'HEAD', headers: json }),
    await browser.visit('/auth/enchanted-link/complete', { body: '{}', headers: bodyOfJson }),
    await browser.visit('/auth/enchanted-link/complete', { form: {} }),
    await browser.visit('/auth/waiting'),
  ]
  return answers.map(comparable)
}

const bodyOfJson = { ...json, 'content-type': 'application/json' }

/** One long poll of each browser, both under way for the whole of its 25 seconds. */
async function pollBoth(app: TestApp, browsers: readonly Browser[]): Promise<object[]> {
  const asking: Promise<Answer>[] = []
  for (const browser of browsers) {
    const asleep = app.asleep(25_000)
    asking.push(browser.visit('/auth/enchanted-link/status', { headers: json }))
    await asleep
  }
  app.emulator.clock.advance(25_000)
  return (await Promise.all(asking)).map(comparable)
}

/** Keeps what a browser waits for longer than a browser would. */
function hoarderOf(app: TestApp, browser: Browser): Browser {
  const hoarder = app.browser()
  hoarder.setCookie(`linkpass-pending=${browser.cookie('linkpass-pending')}`)
  return hoarder
}

/** Makes an account, as its person would. */
async function makeKnown(app: TestApp): Promise<void> {
  await app.client.magicLink.signUpOrIn.email(known, app.origin)
  const [link] = (await app.emulator.inbox.waitFor({ to: known })).links
  await app.client.magicLink.verify(link?.token ?? '')
}

describe.each(expressVersions)('T-50 enumeration by waiting, on Express %i', (version) => {
  test.each([
    ['the links expire before anybody said', {}, 10],
    ['the app knows when the links expire', { linkLifetimeMinutes: 3 }, 3],
  ])('%s: with an account and without one, all answers are alike', async (_, options, minutes) => {
    await using app = await startApp({
      ...{ version, methods: ['email', 'enchanted'], mode: 'sign-in' },
      ...{ emulator: { linkLifetimeSeconds: 180 }, ...options },
    })
    const { clock } = app.emulator
    await makeKnown(app)

    const [one, other] = [app.browser(), app.browser()]
    const start = (browser: Browser, loginId: string): Promise<Answer> =>
      browser.visit('/auth/enchanted-link', { form: { loginId }, headers: json })
    expect(comparable(await start(one, known))).toEqual(comparable(await start(other, unknown)))
    const end = clock.now() + minutes * 60_000
    const [hoarder, hoarderToo] = [hoarderOf(app, one), hoarderOf(app, other)]

    for (const secondsLeft of [minutes * 60, minutes * 30, 60]) {
      clock.advance(Math.max(0, end - secondsLeft * 1000 - clock.now()))
      const [first, second] = await pollBoth(app, [one, other])
      expect(first).toEqual(second)
      expect(first).toMatchObject({ status: 200, body: '{"state":"pending"}' })
      expect(await everything(one)).toEqual(await everything(other))
    }
    clock.advance(end - clock.now())
    expect(await everything(one)).toEqual(await everything(other))
    const heard = await everything(hoarder)
    expect(heard).toEqual(await everything(hoarderToo))
    expect(heard).toContainEqual(expect.objectContaining({ body: '{"state":"expired"}' }))
  })
})

const windowMs = 15 * 60_000

describe.each(expressVersions)('T-51 enumeration by time, on Express %i', (version) => {
  // How long an answer takes is the service's doing, and is not hidden. What is bounded is how often
  // it can be measured: a limit answers before the service is asked.
  test('an address can be timed five times in a quarter of an hour, known or not', async () => {
    await using app = await startApp({ version, mode: 'sign-in' })
    await makeKnown(app)
    const { clock } = app.emulator
    clock.advance(windowMs - (clock.now() % windowMs))
    const start = async (loginId: string): Promise<object> => {
      const ask = { form: { loginId }, headers: json }
      return comparable(await app.browser().visit('/auth/magic-link', ask))
    }
    const heard: object[] = []
    // The pause between two is over each time, and less than the quarter of an hour in all.
    for (let pair = 0; pair < 20; pair += 1) {
      const answer = await start(known)
      expect(await start(unknown)).toEqual(answer)
      heard.push(answer)
      clock.advance(30_000)
    }
    const statuses = [...Array(5).fill(202), ...Array(15).fill(429)]
    expect(heard).toMatchObject(statuses.map((status) => ({ status })))
    expect(app.calls('/v1/auth/magiclink/signin/email')).toBe(10)
  })
})
