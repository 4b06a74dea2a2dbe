/** Four instances behind nginx without stickiness, on real servers of Redis, in real time. */
import { eventually, redisEngines } from '@linkpass/testing'
import type { Browser } from '@linkpass/testing/browser'
import { describe, expect, test } from 'vitest'
import { type Fleet, meOf, startFleet } from '../../tools/soak/fleet/fleet.ts'
import { nginxPath } from '../../tools/soak/fleet/nginx.ts'

const skipReason =
  redisEngines[0]?.skipReason ??
  (nginxPath === undefined ? 'nginx is not installed: apt-get install nginx' : undefined)

/** The statuses of responses that are not this user's own. */
async function others(user: { browser: Browser; userId: string }): Promise<(string | number)[]> {
  const own = await meOf(user.browser)
  return own === user.userId ? [] : [own]
}

async function refreshesOf({ instances }: Fleet): Promise<number> {
  const figures = await Promise.all(instances.map((instance) => instance.figures()))
  return figures.reduce((sum, { refreshes }) => sum + refreshes, 0)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe.skipIf(skipReason)('four instances on one Redis', { meta: { skipReason } }, () => {
  test('200 users with six requests at once, thrice: one refresh for each token, no other response than 200', async () => {
    await using fleet = await startFleet({ rotationGraceSeconds: 0 })
    const users = await Promise.all(
      Array.from({ length: 200 }, (_, index) => fleet.signIn(`user-${index}@example.test`)),
    )
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
      ...{ rotationGraceSeconds: 10, instance: { refreshGraceSeconds: 10 } },
    })
    const users = await Promise.all(
      Array.from({ length: 12 }, (_, index) => fleet.signIn(`user-${index}@example.test`)),
    )
    await pause(4100)
    fleet.emulator.faults.add({ path: '/v1/auth/refresh', delayMs: 400, times: 12 })
    const lost = users.map(({ browser }) => meOf(fleet.onInstance(browser, 0)))
    const entries = async (): Promise<number> =>
      (await fleet.redis.command('KEYS', 'fleet:refresh:*')).split('\n').filter(Boolean).length
    await eventually('it holds every lock', async () => (await entries()) === 12)
    const waiting = users.flatMap((user) =>
      [1, 2, 3].map((index) => others({ ...user, browser: fleet.onInstance(user.browser, index) })),
    )
    await fleet.instances[0]?.kill()
    expect(await Promise.all(lost)).toEqual(users.map(() => 'cut'))
    expect((await Promise.all(waiting)).flat()).toEqual([])
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

  test.each<[string, (fleet: Fleet) => Promise<void>]>([
    [
      'a restart of Redis',
      async ({ redis }) => {
        await redis.stop()
        await redis.start()
      },
    ],
    [
      'connections that are cut',
      async ({ proxy }) => {
        proxy.cut()
        proxy.restore()
      },
    ],
    [
      'scripts that Redis forgot',
      async ({ redis }) => {
        await redis.command('SCRIPT', 'FLUSH')
      },
    ],
    [
      'a Redis that stands still for two seconds',
      async ({ redis }) => {
        redis.pause()
        await pause(2000)
        redis.resume()
      },
    ],
  ])(
    '%s: normal within three seconds, nobody is logged out, no mail comes twice',
    async (_what, drill) => {
      await using fleet = await startFleet({ instance: { limits: true } })
      const users = await Promise.all(
        Array.from({ length: 20 }, (_, index) => fleet.signIn(`user-${index}@example.test`)),
      )
      const sent: number[] = []
      const send = async (index: number): Promise<void> => {
        const form = { loginId: `mail-${index}@example.test`, method: 'email' }
        const response = await fleet.browser().visit('/auth/magic-link', { form })
        sent.push(response.status)
        const mails = fleet.emulator.inbox.list({ to: form.loginId })
        expect(mails.length).toBe(response.status === 303 ? 1 : 0)
      }
      const drilled = drill(fleet)
      await Promise.all(Array.from({ length: 10 }, (_, index) => send(index)))
      await drilled
      await pause(3000)
      expect((await Promise.all(users.map(others))).flat()).toEqual([])
      await send(10)
      expect(sent.at(-1)).toBe(303)
      expect(sent.filter((status) => status !== 303 && status !== 503)).toEqual([])
      expect(fleet.warnings.filter((text) => !text.includes('get 503'))).toEqual([])
    },
  )

  test('a logout in an outage is not confirmed, and one that is holds when the store is back', async () => {
    await using fleet = await startFleet({
      sessionLifetimeSeconds: 600,
      instance: { onStoreError: 'allow' },
    })
    const users = await Promise.all(
      Array.from({ length: 10 }, (_, index) => fleet.signIn(`user-${index}@example.test`)),
    )
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
