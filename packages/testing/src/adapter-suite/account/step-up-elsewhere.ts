import { memoryStore } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'
import type { SignInEvent } from '../web-options.ts'
import { ada, isSignedIn, postForm, setCookies } from '../steps.ts'

const verifyCalls = '/v1/auth/magiclink/verify'
const grace = 'grace@example.test'
const danger: TestAppOptions = {
  limits: false,
  routes: [{ path: '/danger', guards: [{ stepUp: true }], respond: () => ({ body: 'done' }) }],
}

/** A step-up that one browser waits for, and whose link another one has. */
interface Asked {
  readonly desk: Browser
  readonly phone: Browser
  readonly code: string
  readonly link: string
}

async function ask(app: TestApp): Promise<Asked> {
  const [desk, phone] = [app.browser(), app.browser()]
  await app.signIn(desk)
  const sent = await postForm(desk, '/auth/step-up', { returnTo: '/danger' })
  expect(sent.status).toBe(202)
  const { code, maskedEmail } = JSON.parse(sent.body)
  expect([maskedEmail, code]).toEqual(['a***@example.test', expect.stringMatching(/^\d{4}$/)])
  return { desk, phone, code, link: await app.linkFor(ada) }
}

/** Posts a code as a program does. */
async function sendCode({ phone, link }: Asked, code: string): Promise<[number, string]> {
  const { pathname, searchParams } = new URL(link, 'http://app')
  const fields = { t: searchParams.get('t') ?? '', state: pathname.split('/').at(-1) ?? '', code }
  const { status, body } = await postForm(phone, '/auth/verify', fields)
  return [status, body]
}

/** The n-th code that is not the right one. */
function wrong({ code }: Asked, n = 1): string {
  return String((Number(code) + n) % 10_000).padStart(4, '0')
}

async function statusOf(browser: Browser): Promise<unknown> {
  return JSON.parse((await browser.visit('/auth/step-up/status')).body)
}

function complete(browser: Browser): Promise<BrowserResponse> {
  return postForm(browser, '/auth/step-up/complete')
}

const approved: [number, string] = [200, '{"state":"approved"}']
const endedHere: [number, string] = [410, '{"error":"attempt_ended"}']

/** Ways in which the session that asked ends. */
const endings: Readonly<Record<string, (app: TestApp, desk: Browser) => Promise<unknown>>> = {
  'a logout': (_, desk) => postForm(desk, '/auth/logout'),
  'a logout everywhere': (_, desk) => postForm(desk, '/auth/logout-all'),
  'a revocation by an administrator': async (app, desk) => {
    const { userId } = JSON.parse((await desk.visit('/auth/session')).body)
    await app.client.revokeUser(userId)
  },
  'a sign-in of another user': async (app, desk) => {
    await postForm(desk, '/auth/magic-link', { loginId: grace })
    await desk.submit(await desk.visit(await app.linkFor(grace)))
  },
}

/** A step-up whose link is opened in another browser. */
export function stepUpElsewhereCases(adapter: TestAdapter): void {
  describe(`a step-up confirmed in another browser, on ${adapter.name}`, () => {
    test('P2: a logout while an approved step-up completes leaves no session', async () => {
      const copies: Browser[] = []
      const onSignIn = async ({ purpose }: SignInEvent): Promise<void> => {
        if (purpose !== 'step-up') return
        for (const copy of copies) await postForm(copy, '/auth/logout')
      }
      await using app = await adapter.start({ ...danger, onSignIn })
      const asked = await ask(app)
      expect(await sendCode(asked, asked.code)).toEqual(approved)
      copies.push(asked.desk.copy())
      const completed = await complete(asked.desk)
      expect(completed.status).toBe(410)
      expect(setCookies(completed).filter((line) => line.includes('eyJ'))).toEqual([])
    })

    test('gives the session to the browser that asked, by the code on its screen', async () => {
      const events: SignInEvent[] = []
      const onSignIn = (event: SignInEvent): unknown => events.push(event)
      await using app = await adapter.start({ ...danger, onSignIn })
      const { desk, phone, code, link } = await ask(app)
      expect((await desk.visit('/auth/check-inbox')).body).toContain(code)
      const page = await phone.visit(link)
      expect(page.body).toContain('a***@example.test')
      expect(page.body).not.toMatch(new RegExp(`${ada}|${code}`))
      const done = await phone.submit(page, { code })
      expect([done.status, setCookies(done)]).toEqual([200, []])
      expect(done.body).toContain('Go back to your other device')
      expect(await isSignedIn(phone)).toBe(false)

      expect((await desk.visit('/danger')).status).toBe(401)
      expect(await statusOf(desk)).toEqual({ state: 'approved' })
      const completed = await desk.visit('/auth/step-up/complete', { form: {} })
      expect([completed.status, completed.location]).toEqual([303, '/danger'])
      expect((await desk.visit('/danger')).body).toBe('done')
      expect(events.map(({ purpose, user }) => [purpose, user.email])).toEqual([
        ['sign-in', ada],
        ['step-up', ada],
      ])
    })

    test('a double click, and a completion whose response was lost, can be repeated', async () => {
      await using app = await adapter.start(danger)
      const { desk, phone, code, link } = await ask(app)
      const before = app.calls(verifyCalls)
      const page = await phone.visit(link)
      const clicks = [phone.copy(), phone].map((browser) => browser.submit(page, { code }))
      expect((await Promise.all(clicks)).map(({ status }) => status)).toEqual([200, 200])
      expect(app.calls(verifyCalls)).toBe(before + 1)
      for (const browser of [desk.copy(), desk]) {
        expect((await complete(browser)).body).toBe('{"redirectTo":"/danger"}')
        expect((await browser.visit('/danger')).status).toBe(200)
      }
    })

    test('P7: a scanner that opens the link and submits its form redeems nothing', async () => {
      await using app = await adapter.start({ ...danger, confirm: 'dangerously-never' })
      const { desk, link } = await ask(app)
      const before = app.calls(verifyCalls)
      const scanner = app.browser()
      const page = await scanner.visit(link)
      for (const fields of [{}, { code: '' }, { code: 'abcd' }]) {
        expect((await scanner.submit(page, fields)).status).toBe(400)
      }
      expect(app.calls(verifyCalls)).toBe(before)
      expect((await desk.visit(link)).location).toBe('/danger')
    })

    test('P7: a wrong code may be corrected once, with no session for who typed it', async () => {
      await using app = await adapter.start(danger)
      const asked = await ask(app)
      const { desk, phone, code } = asked
      const mistaken = await phone.submit(await phone.visit(asked.link), { code: wrong(asked) })
      expect(mistaken.status).toBe(400)
      expect(mistaken.body).toMatch(/id="mistake"[^>]*>\s*That is not the code/)
      expect((await phone.submit(mistaken, { code })).status).toBe(200)
      expect((await complete(desk)).status).toBe(200)
      expect(await isSignedIn(phone)).toBe(false)
    })

    test('P7: two wrong codes end the attempt, also for the browser that asked', async () => {
      await using app = await adapter.start(danger)
      const asked = await ask(app)
      const { desk, code, link } = asked
      const before = app.calls(verifyCalls)
      expect(await sendCode(asked, wrong(asked))).toEqual([400, '{"error":"wrong_code"}'])
      const over: [number, string] = [410, '{"error":"attempt_refused"}']
      expect(await sendCode(asked, wrong(asked, 2))).toEqual(over)
      expect(await sendCode(asked, code)).toEqual(over)
      expect((await desk.visit(link)).status).toBe(410)
      expect(await statusOf(desk)).toEqual({ state: 'refused' })
      expect((await desk.visit('/auth/check-inbox')).body).toContain('Two wrong codes were typed')
      expect((await complete(desk)).status).toBe(410)
      expect(app.calls(verifyCalls)).toBe(before)
      expect(await isSignedIn(desk)).toBe(true)
    })

    test.each(Object.entries(endings))(
      'P2: after %s, the right code redeems nothing',
      async (_, end) => {
        await using app = await adapter.start(danger)
        const asked = await ask(app)
        await end(app, asked.desk)
        const before = app.calls(verifyCalls)
        expect(await sendCode(asked, asked.code)).toEqual(endedHere)
        expect(app.calls(verifyCalls)).toBe(before)
      },
    )

    test.each(Object.entries(endings))(
      'P2: after the code was typed, %s still ends it, and no cookie is replaced',
      async (_, end) => {
        await using app = await adapter.start(danger)
        const asked = await ask(app)
        expect(await sendCode(asked, asked.code)).toEqual(approved)
        await end(app, asked.desk)
        const response = await complete(asked.desk)
        // After a sign-in, the browser waits for that.
        expect([409, 410]).toContain(response.status)
        expect(setCookies(response)).toEqual([])
        expect((await asked.desk.visit('/danger')).status).not.toBe(200)
      },
    )

    test('P8: only the browser that asked can complete it', async () => {
      await using app = await adapter.start(danger)
      const asked = await ask(app)
      expect(await sendCode(asked, asked.code)).toEqual(approved)
      const other = app.browser()
      await app.signIn(other)
      for (const browser of [other, asked.phone]) {
        expect(await statusOf(browser)).toEqual({ state: 'expired' })
        expect((await complete(browser)).body).toBe('{"state":"expired"}')
        expect((await browser.visit('/danger')).status).not.toBe(200)
      }
    })

    test('P8: who typed the code gets no session by the state of a sign-in of their own', async () => {
      const purposes: string[] = []
      const onSignIn = ({ purpose }: SignInEvent): unknown => purposes.push(purpose)
      await using app = await adapter.start({ ...danger, onSignIn })
      const asked = await ask(app)
      const { desk, phone, link } = asked
      await postForm(phone, '/auth/magic-link', { loginId: grace })
      const own = new URL(await app.linkFor(grace), app.origin).pathname
      expect(await sendCode(asked, asked.code)).toEqual(approved)
      const t = new URL(link, app.origin).searchParams.get('t') ?? ''
      const answers = [
        await phone.visit(`${own}?t=${t}`),
        await postForm(phone, '/auth/verify', { t, state: own.split('/').at(-1) ?? '' }),
      ]
      expect(answers.map(({ status }) => status)).toEqual([410, 410])
      expect(await isSignedIn(phone)).toBe(false)
      expect(purposes).toEqual(['sign-in'])
      expect((await complete(desk)).status).toBe(200)
    })

    test('P2: while the store is unavailable, nothing is redeemed, and no cookie is cleared', async () => {
      let isOut = false
      const store = memoryStore()
      const get = (key: string): ReturnType<typeof store.get> =>
        isOut ? Promise.reject(new Error('out')) : store.get(key)
      await using app = await adapter.start({
        ...danger,
        client: { store: { ...store, get, set: (...args) => store.set(...args) } },
      })
      const asked = await ask(app)
      const before = app.calls(verifyCalls)
      isOut = true
      expect((await sendCode(asked, asked.code))[0]).toBe(503)
      expect(app.calls(verifyCalls)).toBe(before)
      isOut = false
      expect(await sendCode(asked, asked.code)).toEqual(approved)
      isOut = true
      const response = await complete(asked.desk)
      expect([response.status, setCookies(response)]).toEqual([503, []])
      isOut = false
      expect((await complete(asked.desk)).status).toBe(200)
    })

    test('a code typed on one instance completes on another, which waits', async () => {
      const shared = {
        appUrl: 'https://app.example.test',
        client: { store: memoryStore() },
        ...danger,
      }
      await using here = await adapter.start(shared)
      await using there = await adapter.start(shared)
      const asked = await ask(here)
      expect(await statusOf(asked.desk)).toEqual({ state: 'pending', code: asked.code })
      asked.phone.balanceTo(there.address)
      const polling = asked.desk.visit('/auth/step-up/status?code=shown')
      expect(await sendCode(asked, asked.code)).toEqual(approved)
      expect((await polling).body).toBe('{"state":"approved"}')
      expect((await complete(asked.desk)).status).toBe(200)
    })
  })
}
