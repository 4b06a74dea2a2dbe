import { type Clock, memoryStore, systemClock } from '@linkpass/core'
import type { Emulator } from '@linkpass/emulator'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import type { TestAdapter, TestApp, TestAppOptions } from '../adapter.ts'
import { ada, isSignedIn } from '../steps.ts'

const grace = 'grace@example.test'
const withRevocation = { revocation: { onStoreError: 'deny' } } as const

/** Two instances of one app on one store. The clock of the second differs from the service's. */
async function startTwo(
  adapter: TestAdapter,
  client: TestAppOptions['client'] = withRevocation,
  secondsAhead = 0,
): Promise<[TestApp, TestApp]> {
  const started: { emulator?: Emulator } = {}
  const now = (): number => (started.emulator?.clock ?? systemClock).now() + secondsAhead * 1000
  const clock: Clock = { ...systemClock, now }
  const shared = { appUrl: 'https://app.example.test' }
  const both = { ...client, store: memoryStore() }
  const here = await adapter.start({ ...shared, client: both })
  started.emulator = here.emulator
  return [here, await adapter.start({ ...shared, client: { ...both, clock } })]
}

async function signedIn(app: TestApp, address = ada): Promise<Browser> {
  const browser = app.browser()
  await app.signIn(browser, address)
  return browser
}

async function userIdOf(browser: Browser): Promise<string> {
  const { body } = await browser.visit('/auth/session')
  return String(JSON.parse(body).userId)
}

/** Sessions that an administrator ends. */
export function adminRevocationCases(adapter: TestAdapter): void {
  describe(`an administrator's revocation, on ${adapter.name}`, () => {
    test.each([-3, -1, 0, 1, 3])(
      'P11: ends every session of the user on every instance, by an instance %i s ahead',
      async (seconds) => {
        const [here, there] = await startTwo(adapter, withRevocation, seconds)
        await using _ = here
        await using _there = there
        const [old, other, minted] = [
          await signedIn(here),
          await signedIn(here, grace),
          await signedIn(here),
        ]
        await there.client.revokeUser(await userIdOf(old))
        expect(await isSignedIn(old)).toBe(false)
        expect(await isSignedIn(minted)).toBe(false)
        expect(await isSignedIn(other)).toBe(true)
        here.emulator.clock.advance(1000)
        expect(await isSignedIn(await signedIn(here))).toBe(true)
      },
    )

    test.each([-3, -1, 0, 1, 3])(
      'P11: ends every session of all users from before now, by an instance %i s ahead',
      async (seconds) => {
        const [here, there] = await startTwo(adapter, withRevocation, seconds)
        await using _ = here
        await using _there = there
        const old = [await signedIn(here), await signedIn(here, grace)]
        await there.client.revokeBefore(new Date(there.client.settings.clock.now()))
        for (const browser of old) expect(await isSignedIn(browser)).toBe(false)
        here.emulator.clock.advance(1000)
        expect(await isSignedIn(await signedIn(here))).toBe(true)
      },
    )

    test('leaves sessions that were issued after the moment', async () => {
      const [here, there] = await startTwo(adapter)
      await using _ = here
      await using _there = there
      const old = await signedIn(here)
      here.emulator.clock.advance(60_000)
      const moment = new Date(here.emulator.clock.now())
      here.emulator.clock.advance(2000)
      const later = await signedIn(here, grace)
      await there.client.revokeBefore(moment)
      expect([await isSignedIn(old), await isSignedIn(later)]).toEqual([false, true])
      // An earlier moment brings nothing back.
      await there.client.revokeBefore(new Date(0))
      expect([await isSignedIn(old), await isSignedIn(later)]).toEqual([false, true])
    })

    test.each(['in use', 'unavailable'])(
      'takes effect at the next refresh without `revocation`, the service being %s',
      async (service) => {
        const [here, there] = await startTwo(adapter, {})
        await using _ = here
        await using _there = there
        const browser = await signedIn(here)
        await there.client.revokeUser(await userIdOf(browser))
        expect((await browser.visit('/me')).status).toBe(200)
        here.emulator.clock.advance(11 * 60_000)
        if (service === 'unavailable') {
          here.emulator.faults.add({ path: '/v1/auth/refresh', status: 503, times: 'always' })
        }
        expect(await isSignedIn(browser)).toBe(false)
      },
    )
  })
}
