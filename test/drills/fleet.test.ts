/** Four instances behind nginx without stickiness, on real servers of Redis, in real time. */
import { eventually } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import { type Fleet, meOf, startFleet } from '../../tools/soak/fleet/fleet.ts'
import { others, pause, signInUsers, skipReason } from './support.ts'

async function refreshesOf({ instances }: Fleet): Promise<number> {
  const figures = await Promise.all(instances.map((instance) => instance.figures()))
  return figures.reduce((sum, { refreshes }) => sum + refreshes, 0)
}

describe.skipIf(skipReason)('four instances on one Redis', { meta: { skipReason } }, () => {
  test('200 users with six requests at once, thrice: one refresh for each token, no other response than 200', async () => {
    await using fleet = await startFleet({ rotationGraceSeconds: 0 })
    const users = await signInUsers(fleet, 200)
    for (let round = 1; round <= 3; round += 1) {
      await pause(4100)
      const wrong: (string | number)[] = []
      // Ten users at once, since each has six requests.
      for (let first = 0; first < users.length; first += 10) {
        const now = users.slice(first, first + 10)
        const found = now.flatMap((user) => Array.from({ length: 6 }, () => others(user)))
        wrong.push(...(await Promise.all(found)).flat())
      }
      expect(wrong).toEqual([])
      expect(await refreshesOf(fleet)).toBeLessThanOrEqual(200 * (round + 1))
    }
    expect(fleet.warnings).toEqual([])
    await expectKeys(fleet)
  })

  test('an instance that dies between the response to a refresh and handing it over: all stay signed in', async () => {
    await using fleet = await startFleet({
      rotationGraceSeconds: 10,
      instance: { refreshGraceSeconds: 10 },
    })
    const users = await signInUsers(fleet, 12)
    await pause(4100)
    fleet.emulator.faults.add({ path: '/v1/auth/refresh', delayMs: 400, times: 12 })
    const lost = users.map(({ browser }) => meOf(fleet.onInstance(browser, 0)))
    const entries = async (): Promise<number> =>
      (await fleet.redis.command('KEYS', 'fleet:refresh:*')).split('\n').filter(Boolean).length
    await eventually('it holds every lock', async () => (await entries()) === 12)
    const waiting = users.flatMap((user) =>
      [1, 2, 3].map((index) => others({ ...user, browser: fleet.onInstance(user.browser, index) })),
    )
    const killedAt = performance.now()
    await fleet.instances[0]?.kill()
    expect(await Promise.all(lost)).toEqual(users.map(() => 'cut'))
    expect((await Promise.all(waiting)).flat()).toEqual([])
    // The lock ends after three seconds and they wait for four at most; the rest is for a busy machine.
    expect(performance.now() - killedAt).toBeLessThan(6000)
    expect(fleet.warnings).toEqual([])
  })

  test('a logout is seen by every instance within a second, with clocks that differ by three', async () => {
    await using fleet = await startFleet({
      sessionLifetimeSeconds: 600,
      each: (index) => ({ aheadMs: [0, 3000, -3000, 0][index] ?? 0 }),
    })
    for (let round = 0; round < 5; round += 1) {
      const { browser, userId } = await fleet.signIn(`user-${round}@example.test`)
      const tabs = fleet.instances.map((_, index) => fleet.onInstance(browser, index))
      for (const tab of tabs) expect(await meOf(tab)).toBe(userId)
      expect(
        (await fleet.onInstance(browser, round % 4).visit('/auth/logout', { form: {} })).status,
      ).toBe(303)
      await pause(1000)
      for (const tab of tabs) expect(await meOf(tab.copy())).not.toBe(userId)
    }
  })

  test.each([
    ['the tokens of another are there', 0],
    ['another is refreshing', 6000],
  ])(
    'a lock holder that was stopped past its lock changes nothing, where meanwhile %s',
    async (_what, secondDelayMs) => {
      await using fleet = await startFleet({
        rotationGraceSeconds: 20,
        instance: { refreshGraceSeconds: 20 },
      })
      const { browser, userId } = await fleet.signIn('ada@example.test')
      await pause(4100)
      const path = '/v1/auth/refresh'
      fleet.emulator.faults.add({ path, delayMs: 500, times: 1 })
      const entry = async (): Promise<string> => {
        const key = await fleet.redis.command('KEYS', 'fleet:refresh:*')
        return key === '' ? '' : fleet.redis.command('GET', key)
      }
      const late = meOf(fleet.onInstance(browser, 0))
      await eventually('it holds the lock', async () => (await entry()).startsWith('1:running:'))
      const own = await entry()
      fleet.instances[0]?.pause()
      fleet.emulator.faults.add({ path, delayMs: secondDelayMs, times: 1 })
      const other = meOf(fleet.onInstance(browser, 1))
      await eventually('another has the lock', async () => ![own, ''].includes(await entry()))
      if (secondDelayMs === 0) expect(await other).toBe(userId)
      const theirs = await entry()
      expect(theirs).toMatch(secondDelayMs === 0 ? /^1:done:/ : /^1:running:/)
      fleet.instances[0]?.resume()
      expect(await late).toBe(userId)
      expect(await entry()).toBe(theirs)
      expect(await other).toBe(userId)
      expect(await entry()).toMatch(/^1:done:/)
      expect(await refreshesOf(fleet)).toBe(2)
      expect(fleet.warnings).toEqual([])
    },
  )

  test('a logout in an outage is not confirmed, and one that is holds when the store is back', async () => {
    await using fleet = await startFleet({
      sessionLifetimeSeconds: 600,
      instance: { onStoreError: 'allow' },
    })
    const users = await signInUsers(fleet, 10)
    for (const user of users) expect(await others(user)).toEqual([])
    fleet.proxy.cut()
    await pause(1100)
    const confirmed = await Promise.all(
      users.map(async ({ browser }) => {
        const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
        const response = await browser.copy().visit('/auth/logout', { form: {}, headers })
        return response.status === 204
      }),
    )
    fleet.proxy.restore()
    await pause(2000)
    for (const [index, { browser, userId }] of users.entries()) {
      if (confirmed[index]) expect(await meOf(browser.copy())).not.toBe(userId)
    }
    expect(confirmed).toEqual(users.map(() => false))
  })
})

/** Every key has the prefix and a time to live, and the keys of a session take a kilobyte at most. */
async function expectKeys({ redis }: Fleet): Promise<void> {
  const keys = (await redis.command('KEYS', '*')).split('\n')
  expect(keys.filter((key) => !key.startsWith('fleet:'))).toEqual([])
  for (const key of keys) expect(Number(await redis.command('PTTL', key))).not.toBe(-1)
}
