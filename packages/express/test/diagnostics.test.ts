import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { memoryStore, type StateStore } from '@linkpass/core'
import { wrapStore } from '@linkpass/testing'
import { expectQuietProcess } from '@linkpass/testing/vitest'
import { expect, test } from 'vitest'
import { expressAdapters } from './express-adapter.ts'

// The outage that the test makes is printed once.
expectQuietProcess(/get 503/)

const documents = readFileSync(new URL('../../../docs/debugging.md', import.meta.url), 'utf8')
const documented = [...documents.matchAll(/^\| `(linkpass:[a-z:-]+)` +\| (?!.*\bof all\b)/gm)].map(
  ([, name = '']) => name,
)
/** Faults of the deployment, which have tests of their own. */
const ofFaults = [
  ...['linkpass:request:error', 'linkpass:keys:stale', 'linkpass:keys:fresh'],
  ...['linkpass:clock-skew', 'linkpass:sign-in:refused'],
]

test('every channel that is documented says what happens, and no message has a secret', async () => {
  const heard = new Map<string, object[]>()
  const hear = (event: unknown, name: string | symbol): void => {
    if (typeof event === 'object' && event !== null) {
      heard.set(String(name), [...(heard.get(String(name)) ?? []), event])
    }
  }
  for (const name of documented) subscribe(name, hear)
  const secrets = await walk()
  for (const name of documented) unsubscribe(name, hear)

  expect(documented.length).toBeGreaterThan(15)
  const expected = documented.filter((name) => !ofFaults.includes(name))
  expect(expected.filter((name) => !heard.has(name))).toEqual([])
  const outcomes = (name: string): unknown[] => [
    ...new Set(heard.get(name)?.map((event) => 'outcome' in event && event.outcome)),
  ]
  expect(outcomes('linkpass:guard')).toEqual(['rejected', 'passed'])
  expect(outcomes('linkpass:sign-in:sent')).toEqual(['sent', 'too-many'])
  expect(outcomes('linkpass:sign-in:redeemed')).toEqual(['accepted'])
  expect(outcomes('linkpass:session:refreshed')).toEqual(['ok'])
  expect(outcomes('linkpass:session:verified')).toContain('valid')
  expect(outcomes('linkpass:store:operation')).toEqual(['ok', 'failed', 'refused'])
  expect(heard.get('linkpass:store:breaker')).toEqual([
    { state: 'open', operations: 'reads' },
    { state: 'closed', operations: 'reads' },
  ])
  expect(heard.get('linkpass:revocations:behind')).toHaveLength(1)
  expect(heard.get('linkpass:revocations:followed')).toHaveLength(2)
  expect(heard.get('linkpass:guard')).toContainEqual({
    outcome: 'rejected',
    session: 'none',
    failure: 'signed-out',
    reason: 'no-session',
  })
  const printed = inspect([...heard], { depth: 10, maxArrayLength: null })
  expect(secrets.length).toBeGreaterThan(5)
  expect(secrets.filter((secret) => secret === '' || printed.includes(secret))).toEqual([])
})

/** A sign-in, a refresh, a logout, an outage of the store; resolves to the secrets that were about. */
async function walk(): Promise<string[]> {
  let isAway = false
  const store: StateStore = wrapStore(memoryStore(), (operation) =>
    isAway ? Promise.reject(new Error('down')) : operation(),
  )
  const [adapter] = expressAdapters
  if (adapter === undefined) throw new Error('no adapter')
  await using app = await adapter.start({
    emulator: {},
    client: { store, revocation: { onStoreError: 'deny' } },
  })
  const { clock } = app.emulator
  const browser = app.browser()
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    // A round trip, in which what woke up has run.
    await app.browser().visit('/')
    await app.browser().visit('/')
  }
  await browser.visit('/me')
  await browser.visit('/auth/magic-link', { form: { loginId: 'ada@example.test' } })
  const link = await app.linkFor('ada@example.test')
  await browser.visit('/auth/magic-link', { form: { loginId: 'ada@example.test' } })
  await browser.visit(link)
  await browser.visit('/me')
  const first = browser.cookieNames.map((name) => browser.cookie(name) ?? '')
  await pass(11 * 60_000)
  await browser.visit('/me')
  const second = browser.cookieNames.map((name) => browser.cookie(name) ?? '')
  isAway = true
  for (let index = 0; index < 6; index += 1) await pass(1000)
  await browser.visit('/me')
  isAway = false
  for (let index = 0; index < 6; index += 1) await pass(1000)
  await browser.visit('/me')
  await browser.visit('/auth/logout', { form: {} })
  const token = new URL(link, 'http://any').searchParams.get('t') ?? ''
  const { userId } = await app.emulator.signIn('ada@example.test')
  return [...new Set([...first, ...second, token, 'ada@example.test', userId])]
}
