import { memoryStore } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import { deferred } from '../../deferred.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'
import { ada, postForm, requestLink } from '../steps.ts'
import { watchedStore } from '../watched-store.ts'
import { enchanted, stateOf } from './steps.ts'

const verify = '/auth/enchanted-link/verify'
const verifyCalls = '/v1/auth/enchantedlink/verify'

/** How often the race of a refusal against a completion is run. */
const rounds = 200

/** An attempt, its right link, and the fields of the approval page. */
interface StartedAttempt {
  readonly screen: Browser
  readonly phone: Browser
  readonly link: string
  readonly fields: Record<string, string>
}

/** Requests an enchanted link, and opens the right one on a phone. */
async function begin(app: TestApp, there = app, loginId = ada): Promise<StartedAttempt> {
  const [screen, phone] = [app.browser(), there.browser()]
  await screen.visit('/auth/enchanted-link', { form: { loginId, returnTo: '/me' } })
  const { links, linkId } = await app.emulator.inbox.waitFor({ to: loginId })
  const url = new URL(links.find(({ number }) => number === linkId)?.url ?? '')
  const link = url.pathname + url.search
  return { screen, phone, link, fields: phone.hiddenFields(await phone.visit(link)) }
}

/** The same, approved at the service, as the waiting browser knows. */
async function beginApproved(app: TestApp, there = app, loginId = ada): Promise<StartedAttempt> {
  const attempt = await begin(app, there, loginId)
  await app.client.enchantedLink.verify(attempt.fields['t'] ?? '')
  expect(await stateOf(app, attempt.screen)).toBe('approved')
  return attempt
}

function refuse({ phone, fields }: StartedAttempt): Promise<BrowserResponse> {
  return postForm(phone, verify, { ...fields, decision: 'refuse' })
}

function complete(browser: Browser): Promise<BrowserResponse> {
  return postForm(browser, '/auth/enchanted-link/complete')
}

/** A state with its last character changed. */
function altered(state: string): string {
  return state.slice(0, -1) + (state.endsWith('A') ? 'Q' : 'A')
}

/** How an enchanted attempt ends: refused or completed, and never both. */
export function outcomeCases(adapter: TestAdapter): void {
  describe(`P5 made-up refusals, on ${adapter.name}`, () => {
    test('write nothing to the store, and cost no request to the service', async () => {
      let operations = 0
      const store = watchedStore(memoryStore(), () => (operations += 1))
      await using app = await adapter.start({ ...enchanted, limits: false, client: { store } })
      const attempt = await begin(app)
      const { t = '', state = '' } = attempt.fields
      const magicState = (await requestLink(app, app.browser())).split(/[/?]/)[3] ?? ''
      expect(magicState).toMatch(/^[\w-]{22}$/)
      const states = [
        ...Array.from({ length: 50 }, (_, index) => `A${index}`.padEnd(22, 'Q')),
        ...[
          altered(state),
          `E${state.slice(1)}`,
          `${state}A`,
          state.slice(1),
          magicState,
          '__proto__',
        ],
      ]
      operations = 0
      for (const made of states) {
        for (const decision of ['refuse', 'approve']) {
          const response = await postForm(app.browser(), verify, { t, state: made, decision })
          expect([response.status, response.body]).toEqual([400, '{"error":"link_unknown"}'])
        }
        const page = await app.browser().visit(`${verify}/${made}?t=${t}`)
        expect([page.status, page.body.includes('name="decision"')]).toEqual([400, false])
      }
      const stripped = await postForm(app.browser(), verify, { t, decision: 'refuse' })
      expect([stripped.status, stripped.body]).toEqual([400, '{"error":"link_unknown"}'])
      expect(operations).toBe(0)
      expect(app.calls(verifyCalls)).toBe(0)
    })

    test('do not push a real one out of the store', async () => {
      const store = memoryStore({ maxEntries: 20 })
      await using app = await adapter.start({ ...enchanted, limits: false, client: { store } })
      const attempt = await beginApproved(app)
      expect((await refuse(attempt)).status).toBe(200)
      const { t = '' } = attempt.fields
      for (let made = 0; made < 100; made += 1) {
        const state = `C${made}`.padEnd(22, 'A')
        await postForm(app.browser(), verify, { t, state, decision: 'refuse' })
      }
      expect((await complete(attempt.screen)).status).toBe(410)
      expect(attempt.screen.cookieNames).not.toContain(app.cookieNames.session)
    })

    test('a refusal of an attempt whose time is over writes nothing', async () => {
      const writes: string[] = []
      const store = watchedStore(memoryStore(), (operation) => {
        if (operation !== 'get') writes.push(operation)
      })
      await using app = await adapter.start({ ...enchanted, client: { store } })
      const attempt = await begin(app)
      app.emulator.clock.advance(10 * 60_000)
      writes.length = 0
      const late = await refuse(attempt)
      expect([late.status, late.body]).toEqual([410, '{"error":"link_used_or_expired"}'])
      expect(writes).toEqual([])
      expect((await attempt.phone.visit(attempt.link)).status).toBe(410)
    })

    test('an attempt that the store cannot remember is not begun', async () => {
      let fails = false
      const store = watchedStore(memoryStore(), (_, key) => {
        if (fails && key.startsWith('requester:')) throw new Error('the store is unavailable')
      })
      await using app = await adapter.start({ ...enchanted, limits: false, client: { store } })
      fails = true
      const browser = app.browser()
      expect((await postForm(browser, '/auth/enchanted-link', { loginId: ada })).status).toBe(503)
      expect(app.emulator.inbox.list({ to: ada })).toEqual([])
      expect(browser.cookieNames).toEqual([])
    })
  })

  /** Two instances of one app on one store, with a hook that runs in `onSignIn`. */
  async function startTwo(options: TestAppOptions = {}): Promise<[TestApp, TestApp]> {
    const shared: TestAppOptions = {
      appUrl: 'https://app.example.test',
      client: { store: memoryStore() },
      ...enchanted,
      limits: false,
      ...options,
    }
    return [await adapter.start(shared), await adapter.start(shared)]
  }

  describe(`P6 a refusal against a completion, on ${adapter.name}`, () => {
    test.each(['the same instance', 'another instance'])(
      '"this was not me" while onSignIn is slow is too late, on %s',
      async (where) => {
        const [entered, goOn] = [deferred<void>(), deferred<void>()]
        const onSignIn = async (): Promise<void> => {
          entered.resolve()
          await goOn.promise
        }
        const [here, there] = await startTwo({ onSignIn })
        await using _ = here
        await using _there = there
        const attempt = await beginApproved(here, where === 'another instance' ? there : here)
        const completing = complete(attempt.screen)
        await entered.promise
        const late = await refuse(attempt)
        expect([late.status, late.body]).toEqual([409, '{"state":"completed"}'])
        goOn.resolve()
        expect((await completing).status).toBe(200)
        expect((await attempt.screen.visit('/me')).status).toBe(200)
      },
    )

    test('a completion that comes second gets no cookies, and onSignIn does not run', async () => {
      const seen: string[] = []
      const onSignIn = ({ user }: { user: { userId: string } }): unknown => seen.push(user.userId)
      const [here, there] = await startTwo({ onSignIn })
      await using _ = here
      await using _there = there
      const attempt = await beginApproved(here, there)
      expect((await refuse(attempt)).body).toBe('{"state":"refused"}')
      const lost = await complete(attempt.screen)
      expect([lost.status, lost.body]).toEqual([410, '{"error":"attempt_refused"}'])
      expect(attempt.screen.cookieNames).not.toContain(here.cookieNames.session)
      expect(seen).toEqual([])
    })

    test('of both at once on two instances, exactly one counts, every time', async () => {
      const onSignIn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
      const [here, there] = await startTwo({ onSignIn })
      await using _ = here
      await using _there = there
      const contradictions: string[] = []
      for (let round = 0; round < rounds; round += 1) {
        // The polls for one sender are spaced.
        here.emulator.clock.advance(1000)
        // Each has its own address, since two refusals pause one.
        const loginId = `user-${round}@example.test`
        const attempt = await beginApproved(here, round % 2 === 0 ? there : here, loginId)
        const [refused, completed] =
          round % 4 < 2
            ? await Promise.all([refuse(attempt), complete(attempt.screen)])
            : (await Promise.all([complete(attempt.screen), refuse(attempt)])).toReversed()
        const isSignedIn = attempt.screen.cookieNames.includes(here.cookieNames.session)
        const seen = `${refused?.status} ${completed?.status} ${isSignedIn}`
        if (!['200 410 false', '409 200 true'].includes(seen)) contradictions.push(seen)
      }
      expect(contradictions).toEqual([])
    })

    test('a store that fails at the decision is a 503, and the user can retry', async () => {
      let fails = false
      const store = watchedStore(memoryStore(), (operation, key) => {
        if (fails && operation === 'setIfAbsent' && key.startsWith('outcome:')) {
          throw new Error('the store is unavailable')
        }
      })
      const seen: boolean[] = []
      const onSignIn = ({ firstSeen }: { firstSeen: boolean }): unknown => seen.push(firstSeen)
      await using app = await adapter.start({ ...enchanted, client: { store }, onSignIn })
      const { screen } = await beginApproved(app)
      fails = true
      const failed = await complete(screen)
      expect([failed.status, failed.headers['set-cookie']]).toEqual([503, undefined])
      expect(seen).toEqual([])
      fails = false
      expect((await complete(screen)).status).toBe(200)
      expect((await screen.visit('/me')).status).toBe(200)
      expect(seen).toEqual([true])
    })
  })

  describe(`P28 the pending cookie, on ${adapter.name}`, () => {
    test('a copy is worth nothing once the sign-in has completed, from a minute after', async () => {
      await using app = await adapter.start({ ...enchanted, linkLifetimeMinutes: 30 })
      const { screen } = await beginApproved(app)
      const thief = screen.copy()
      expect((await complete(screen)).status).toBe(200)
      expect(screen.cookieNames).not.toContain(app.cookieNames.pending)
      app.emulator.clock.advance(60_000)
      const polls = app.calls('/v1/auth/enchantedlink/pending-session')
      const copied = await complete(thief)
      expect([copied.status, copied.body]).toEqual([409, '{"state":"expired"}'])
      expect(await stateOf(app, thief)).toBe('expired')
      expect(thief.cookieNames).not.toContain(app.cookieNames.session)
      expect(app.calls('/v1/auth/enchantedlink/pending-session')).toBe(polls)
    })
  })
}
