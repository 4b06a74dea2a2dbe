import { expect, test } from 'vitest'
import { memoryStore, type StateStore } from '@linkpass/core'
import { expressVersions, startApp, type TestApp } from './support/app.ts'
import type { Browser } from './support/browser.ts'

/** A store that can be put out of reach, or made to say nothing at all. */
function switchable(): { store: StateStore; fail: () => void; mend: () => void } {
  const kept = memoryStore()
  let failing = false
  const reach = <T>(operation: () => Promise<T>): Promise<T> =>
    failing ? Promise.reject(new Error('the store is out of reach')) : operation()
  const store: StateStore = {
    get: (key) => reach(() => kept.get(key)),
    set: (key, value, ttlMs) => reach(() => kept.set(key, value, ttlMs)),
    setIfAbsent: (key, value, ttlMs) => reach(() => kept.setIfAbsent(key, value, ttlMs)),
    delete: (key) => reach(() => kept.delete(key)),
    increment: (key, ttlMs) => reach(() => kept.increment(key, ttlMs)),
  }
  return {
    store,
    fail: () => {
      failing = true
    },
    mend: () => {
      failing = false
    },
  }
}

const address = 'ada@example.test'

async function waiting(app: TestApp): Promise<Browser> {
  const browser = app.browser()
  await browser.visit('/auth/enchanted-link', { form: { loginId: address } })
  return browser
}

test.each(expressVersions)(
  'a store out of reach is 503 on every route that needs it, and no cookie goes (Express %i)',
  async (version) => {
    const { store, fail } = switchable()
    const methods = ['email', 'enchanted'] as const
    await using app = await startApp({ version, methods, client: { store } })
    const browser = await waiting(app)
    const approval = await app.linkFor(address)
    fail()
    const before = browser.cookieNames
    const answers = [
      await browser.visit('/auth/magic-link', { form: { loginId: address } }),
      await browser.visit('/auth/enchanted-link/complete', { form: {} }),
      await browser.visit('/auth/enchanted-link/status', { headers: { accept: '*/*' } }),
      await browser.submit(await browser.visit(approval), { decision: 'refuse' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503])
    expect(answers.every(({ headers }) => headers['retry-after'] !== undefined)).toBe(true)
    expect(browser.cookieNames).toEqual(before)
  },
)

test('a sign-in approved while the store is out completes when it is back', async () => {
  const { store, fail, mend } = switchable()
  await using app = await startApp({ methods: ['email', 'enchanted'], client: { store } })
  const browser = await waiting(app)
  const { linkId, links } = await app.emulator.inbox.waitFor({ to: address })
  const asleep = app.asleep(1000)
  const asking = browser.visit('/auth/enchanted-link/status', { headers: { accept: '*/*' } })
  await asleep
  const right = links.find(({ number }) => String(number) === linkId)
  await app.client.enchantedLink.verify(right?.token ?? '')
  fail()
  app.emulator.clock.advance(1000)
  expect((await asking).status).toBe(503)

  mend()
  const polls = app.calls('/v1/auth/enchantedlink/pending-session')
  const status = await browser.visit('/auth/enchanted-link/status', { headers: { accept: '*/*' } })
  expect(status.body).toBe('{"state":"approved"}')
  expect(app.calls('/v1/auth/enchantedlink/pending-session')).toBe(polls)
  const done = await browser.visit('/auth/enchanted-link/complete', { form: {} })
  expect(done.status).toBe(303)
  expect((await browser.visit('/me')).status).toBe(200)
})

test('a store that never answers holds up a request for two seconds, and no longer', async () => {
  const silent = (): Promise<never> => new Promise(() => {})
  const store: StateStore = {
    ...{ get: silent, set: silent, setIfAbsent: silent, delete: silent, increment: silent },
  }
  await using app = await startApp({ client: { store } })
  const asleep = app.asleep(2000)
  const answer = app.browser().visit('/auth/magic-link', { form: { loginId: address } })
  await asleep
  app.emulator.clock.advance(2000)
  expect((await answer).status).toBe(503)
})
