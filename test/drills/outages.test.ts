/** What happens to Redis, while four instances behind nginx serve users. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Fleet, type FleetOptions, startFleet } from '../../tools/soak/fleet/fleet.ts'
import { others, pause, signInUsers, skipReason } from './support.ts'

type Drill = (fleet: Fleet) => Promise<void>

const [before, after, last] = ['the first password', 'the second password', 'the third password']

function cutAll({ proxy }: Fleet): void {
  proxy.cut()
  proxy.restore()
}

function setPassword({ instances }: Fleet, password: string): void {
  for (const instance of instances) instance.setPassword(password)
}

const alone: Readonly<Record<string, Drill>> = {
  'a restart': async ({ redis }) => {
    await redis.stop()
    await redis.start()
  },
  'connections that are cut': async (fleet) => cutAll(fleet),
  'scripts that Redis forgot': async ({ redis }) => {
    await redis.command('SCRIPT', 'FLUSH')
  },
  'a Redis that stands still for two seconds': async ({ redis }) => {
    redis.pause()
    await pause(2000)
    redis.resume()
  },
  'a new password, with both valid for a while': async (fleet) => {
    await fleet.redis.command('CONFIG', 'SET', 'requirepass', before)
    setPassword(fleet, before)
    await fleet.redis.command('ACL', 'SETUSER', 'default', `>${after}`)
    setPassword(fleet, after)
    await fleet.redis.command('ACL', 'SETUSER', 'default', `<${before}`)
    cutAll(fleet)
  },
  'a new password, which the instances get a second late': async (fleet) => {
    await fleet.redis.command('CONFIG', 'SET', 'requirepass', last)
    cutAll(fleet)
    await pause(1000)
    setPassword(fleet, last)
  },
}

const withReplica: Readonly<Record<string, Drill>> = {
  'a primary that is demoted, and answers READONLY': async ({ pair, proxy }) => {
    proxy.leadTo((await pair?.failOver())?.port ?? 0)
  },
  'a primary that is demoted a second before its address leads to the next': async (fleet) => {
    const primary = await fleet.pair?.failOver()
    await pause(1000)
    fleet.proxy.leadTo(primary?.port ?? 0)
  },
  'a primary that dies, and its replica in its place': async ({ pair, proxy }) => {
    await pair?.primary.stop()
    await pause(1000)
    await pair?.replica.command('REPLICAOF', 'NO', 'ONE')
    proxy.leadTo(pair?.replica.port ?? 0)
  },
}

describe.skipIf(skipReason).each<[string, FleetOptions, Readonly<Record<string, Drill>>]>([
  ['one Redis', {}, alone],
  // A replica may lack the last writes: then only the service's grace keeps a user signed in.
  ['a Redis with a replica', { hasReplica: true, rotationGraceSeconds: 10 }, withReplica],
])('four instances on %s', { meta: { skipReason } }, (where, options, drills) => {
  let fleet: Fleet
  beforeAll(async () => {
    fleet = await startFleet({ ...options, instance: { limits: true } })
  })
  afterAll(() => fleet[Symbol.asyncDispose]())

  test.each(Object.entries(drills))(
    '%s: normal within three seconds, nobody is logged out, no mail comes twice',
    async (what, run) => {
      const users = await signInUsers(fleet, 20)
      const over = new AbortController()
      const statuses = users.map(async (user) => {
        const seen: (string | number)[] = []
        while (!over.signal.aborted) {
          seen.push(...(await others(user)))
          await pause(200)
        }
        return seen
      })
      const sent: number[] = []
      const send = async (index: number): Promise<void> => {
        const loginId = `mail-${index}-${Object.keys(drills).indexOf(what)}@example.test`
        const form = { loginId, method: 'email' }
        sent.push((await fleet.browser().visit('/auth/magic-link', { form })).status)
        const mails = fleet.emulator.inbox.list({ to: loginId })
        expect(mails.length).toBe(sent.at(-1) === 303 ? 1 : 0)
      }
      const drilled = run(fleet)
      for (let index = 0; index < 10; index += 1) await send(index)
      await drilled
      await pause(3000)
      over.abort()
      const seen = (await Promise.all(statuses)).flat()
      expect(seen.filter((status) => status !== 503)).toEqual([])
      expect((await Promise.all(users.map(others))).flat()).toEqual([])
      await send(10)
      expect(sent.at(-1)).toBe(303)
      expect(sent.filter((status) => status !== 303 && status !== 503)).toEqual([])
      expect(fleet.warnings.filter((text) => !text.includes('get 503'))).toEqual([])
    },
  )

  test(`after all of them, every instance hears the hints of ${where}`, async () => {
    const server = fleet.pair?.replica ?? fleet.redis
    const clients = await server.command('CLIENT', 'LIST', 'TYPE', 'pubsub')
    expect(clients.trim().split('\n')).toHaveLength(fleet.instances.length)
  })
})
