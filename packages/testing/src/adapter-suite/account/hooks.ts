import { describe, expect, test } from 'vitest'
import type { TestAdapter } from '../adapter.ts'
import { switchable } from '../deployment/store-outage.ts'
import { ada, postForm, postJson } from '../steps.ts'
import { changes, requestChange, signInSteppedUp, stepUp } from './steps.ts'

/** What the hooks of the app learn, and what they can stop. */
export function hookCases(adapter: TestAdapter): void {
  linkHookCases(adapter)
  signOutHookCases(adapter)
}

function signOutHookCases(adapter: TestAdapter): void {
  describe(`onSignOut, on ${adapter.name}`, () => {
    test('learns who signed out, and whether everywhere', async () => {
      const heard: unknown[] = []
      await using app = await adapter.start({
        onSignOut: ({ userId, everywhere }) => heard.push([userId, everywhere]),
      })
      const browser = app.browser()
      const known: unknown[] = []
      for (const path of ['/auth/logout', '/auth/logout-all']) {
        await app.signIn(browser)
        const { userId } = JSON.parse((await browser.visit('/me')).body)
        known.push([userId, path.endsWith('all')])
        expect((await postForm(browser, path)).status).toBe(204)
      }
      await postForm(browser, '/auth/logout')
      expect(heard).toEqual([...known, [undefined, false]])
      expect(known[0]).toEqual([expect.stringMatching(/^U/), false])
    })

    test('gets no user out of a made-up token', async () => {
      const heard: unknown[] = []
      await using app = await adapter.start({ onSignOut: ({ userId }) => heard.push(userId) })
      const [owner, thief] = [app.browser(), app.browser()]
      await app.signIn(owner)
      const [header, payload] = (owner.cookie(app.cookieNames.refresh) ?? '').split('.')
      const cookie = `${app.cookieNames.refresh}=${header}.${payload}.${'A'.repeat(342)}`
      expect((await postForm(thief, '/auth/logout', {}, { cookie })).status).toBe(204)
      expect(heard).toEqual([undefined])
    })

    test.each([
      ['an error', () => new Error(`not now, on ${adapter.name}`)],
      ['an object without a prototype', (): unknown => Object.create(null)],
      ['undefined', () => undefined],
    ])('does not stop a sign-out by throwing %s', async (_, thrown) => {
      await using app = await adapter.start({ onSignOut: () => Promise.reject(thrown()) })
      const browser = app.browser()
      await app.signIn(browser)
      expect((await postForm(browser, '/auth/logout')).status).toBe(204)
      expect(browser.cookieNames).not.toContain(app.cookieNames.refresh)
    })

    test('does not run where a sign-out everywhere must be repeated', async () => {
      const heard: unknown[] = []
      const { store, fail } = switchable()
      await using app = await adapter.start({
        client: { store },
        onSignOut: (event) => heard.push(event),
      })
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.faults.add({ path: '/v1/auth/logoutall', status: 502, times: 'always' })
      fail()
      expect((await postForm(browser, '/auth/logout-all')).status).toBe(503)
      expect(heard).toEqual([])
    })

    test('pages.afterSignOut is where a sign-out leads that has no returnTo', async () => {
      await using app = await adapter.start({
        pages: { afterSignIn: '/home', afterSignOut: '/bye' },
      })
      const browser = app.browser()
      await app.signIn(browser)
      const bye = await browser.visit('/auth/logout', { form: {} })
      expect([bye.status, bye.location]).toEqual([303, '/bye'])
      const named = await browser.visit('/auth/logout-all', { form: { returnTo: '/ended' } })
      expect([named.status, named.location]).toEqual([303, '/ended'])
    })
  })
}

function linkHookCases(adapter: TestAdapter): void {
  describe(`hooks around links, on ${adapter.name}`, () => {
    test.each(['here', 'in another browser'])(
      'P2: a sign-in link under the state of a change changes nothing, %s',
      async (where) => {
        const heard: string[] = []
        await using app = await adapter.start({
          ...changes,
          onSignIn: ({ purpose }) => heard.push(purpose),
          onAccountChange: ({ address }) => heard.push(address),
        })
        const browser = app.browser()
        await signInSteppedUp(app, browser)
        const change = new URL(await requestChange(app, browser), 'http://app')
        await postForm(browser, '/auth/magic-link', { loginId: ada })
        const signIn = new URL(await app.linkFor(ada), 'http://app')
        heard.length = 0
        const t = signIn.searchParams.get('t') ?? ''
        const fields = { t, state: change.pathname.split('/').at(-1) ?? '' }
        const from = where === 'here' ? browser : app.browser()
        expect((await postForm(from, '/auth/verify', fields)).status).toBe(403)
        expect(heard).toEqual([])
        expect((await browser.visit(`${change.pathname}${change.search}`)).location).toBe('/me')
        expect(heard).toEqual(['new@example.test', 'change-email'])
      },
    )

    test('P27: onSignIn learns what a link was for, and onAccountChange of each change', async () => {
      const purposes: string[] = []
      const changed: unknown[] = []
      await using app = await adapter.start({
        ...changes,
        onSignIn: ({ purpose }) => purposes.push(purpose),
        onAccountChange: ({ userId, kind, address }) => {
          changed.push([userId.slice(0, 1), kind, address])
        },
      })
      const browser = app.browser()
      await signInSteppedUp(app, browser)
      await browser.visit(await requestChange(app, browser, 'first@example.test'))
      await stepUp(app, browser, 'first@example.test')
      await postForm(browser, '/auth/phone', { phone: '+447700900123' })
      await browser.visit(await app.linkFor('+447700900123'))
      expect(purposes).toEqual([
        ...['sign-in', 'step-up', 'change-email', 'step-up', 'change-phone'],
      ])
      expect(changed).toEqual([
        ['U', 'email', 'first@example.test'],
        ['U', 'phone', '+447700900123'],
      ])
    })

    test('P27: a change confirmed elsewhere signs no user in, and onAccountChange learns of it', async () => {
      const heard: string[] = []
      await using app = await adapter.start({
        ...changes,
        onSignIn: ({ purpose }) => heard.push(purpose),
        onAccountChange: ({ kind, address }) => {
          heard.push(`${kind} ${address}`)
          throw new Error(`the hook failed on ${adapter.name}`)
        },
      })
      const [browser, other] = [app.browser(), app.browser()]
      await signInSteppedUp(app, browser)
      const page = await other.visit(await requestChange(app, browser))
      expect((await other.submit(page)).status).toBe(200)
      expect(heard).toEqual(['sign-in', 'step-up', 'email new@example.test'])
    })

    test('P27: beforeSend can stop a link in time, by false or by an error', async () => {
      const asked: unknown[] = []
      await using app = await adapter.start({
        ...changes,
        methods: ['email', 'enchanted'],
        beforeSend: (request, attempt) => {
          asked.push([request.header('x-bot'), { ...attempt, userId: typeof attempt.userId }])
          if (attempt.address === 'error@example.test') throw new Error(`no, on ${adapter.name}`)
          return !attempt.address.endsWith('@refused.test')
        },
      })
      const browser = app.browser()
      const sends = (): number =>
        app.emulator.requests().filter(({ path }) => path.includes('link/')).length
      for (const loginId of ['a@refused.test', 'error@example.test']) {
        for (const path of ['/auth/magic-link', '/auth/enchanted-link']) {
          const refused = await postJson(browser, path, { loginId }, { 'x-bot': 'yes' })
          expect([refused.status, refused.body]).toEqual([403, '{"error":"send_refused"}'])
          expect(refused.headers['set-cookie']).toBe(undefined)
        }
      }
      expect(sends()).toBe(0)
      await signInSteppedUp(app, browser)
      const refused = await postForm(browser, '/auth/email', { email: 'b@refused.test' })
      expect(refused.status).toBe(403)
      expect(app.calls('/v1/auth/magiclink/update/email')).toBe(0)
      const magic = { channel: 'magic', method: 'email' }
      expect(asked).toEqual([
        ['yes', { purpose: 'sign-in', ...magic, address: 'a@refused.test', userId: 'undefined' }],
        [
          'yes',
          {
            ...{ purpose: 'sign-in', channel: 'enchanted', method: 'email' },
            ...{ address: 'a@refused.test', userId: 'undefined' },
          },
        ],
        ...[expect.anything(), expect.anything()],
        [undefined, { purpose: 'sign-in', ...magic, address: ada, userId: 'undefined' }],
        [undefined, { purpose: 'step-up', ...magic, address: ada, userId: 'string' }],
        [
          undefined,
          { purpose: 'change-email', ...magic, address: 'b@refused.test', userId: 'string' },
        ],
      ])
    })

    test('a link that loginOptions stopped uses up no send of its address', async () => {
      let isBroken = true
      await using app = await adapter.start({
        methods: ['email', 'enchanted'],
        loginOptions: () => {
          if (isBroken) throw new Error(`no options, on ${adapter.name}`)
          return {}
        },
      })
      const browser = app.browser()
      for (let again = 0; again < 3; again += 1) {
        for (const path of ['/auth/magic-link', '/auth/enchanted-link']) {
          expect((await postJson(browser, path, { loginId: ada })).status).toBe(500)
        }
      }
      isBroken = false
      expect((await postJson(browser, '/auth/magic-link', { loginId: ada })).status).toBe(202)
    })

    test('a link that beforeSend stopped uses up no send of its address', async () => {
      let isStopped = true
      await using app = await adapter.start({ beforeSend: () => !isStopped })
      const browser = app.browser()
      for (let again = 0; again < 6; again += 1) {
        const refused = await postJson(browser, '/auth/magic-link', { loginId: ada })
        expect(refused.status).toBe(403)
      }
      isStopped = false
      expect((await postJson(browser, '/auth/magic-link', { loginId: ada })).status).toBe(202)
    })
  })
}
