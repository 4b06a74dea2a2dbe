import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import { flush } from '../../deferred.ts'
import type { TestAdapter } from '../adapter.ts'
import { callApi } from '../session/steps.ts'
import { setCookies } from '../steps.ts'
import { expiredSession, startCluster, tab } from './cluster.ts'

const refreshPath = '/v1/auth/refresh'

/** A session that is refreshed on several instances, one of which is killed, paused or slow. */
export function refreshAcrossInstancesCases(adapter: TestAdapter): void {
  describe(`a refresh on several instances, on ${adapter.name}`, () => {
    test('C1: an instance killed before the hand-over delays the others, and signs no user out', async () => {
      await using cluster = await startCluster(adapter, 10, { refreshGraceSeconds: 10 })
      const { here, there } = cluster
      const browser = await expiredSession(here)
      const killed = here.stopAt('replaceIf')
      // No one gets its response.
      const lost = tab(browser, here).visit('/me')
      await killed
      const other = tab(browser, there)
      expect(await cluster.statuses([other.visit('/me')])).toEqual([200])
      expect(here.app.calls(refreshPath)).toBe(2)
      cluster.emulator.clock.advance(11 * 60_000)
      expect((await other.visit('/me')).status).toBe(200)
      await lost
    })

    test('C2: an instance paused for longer than its lock does not take the lock of another', async () => {
      await using cluster = await startCluster(adapter, 600)
      const { here, there, third } = cluster
      const browser = await expiredSession(here)
      const paused = here.stopAt('replaceIf')
      const first = tab(browser, here).visit('/me')
      await paused
      cluster.emulator.clock.advance(11_000)
      cluster.emulator.faults.add({ path: refreshPath, delayMs: 3000 })
      const second = tab(browser, there).visit('/me')
      await there.begun('setIfAbsent')
      await flush()
      here.resume()
      await flush()
      const last = tab(browser, third).visit('/me')
      expect(await cluster.statuses([first, second, last])).toEqual([200, 200, 200])
      expect(here.app.calls(refreshPath)).toBe(2)
    })

    test('P13: a rotated token gets its successor on any instance, until that was used', async () => {
      await using cluster = await startCluster(adapter, 10)
      const { emulator, here, there, third } = cluster
      const browser = await expiredSession(here)
      const [lost, copy] = [tab(browser, there), tab(browser, third)]
      expect((await browser.visit('/me')).status).toBe(200)
      emulator.clock.advance(60_000)
      expect((await lost.visit('/me')).status).toBe(200)
      expect(here.app.calls(refreshPath)).toBe(1)
      // With the new tokens.
      expect((await lost.visit('/me')).status).toBe(200)
      const late = await callApi(copy, '/me')
      expect([late.status, setCookies(late)]).toEqual([401, []])
    })

    test('C9: twelve users who wait for another instance cause no warning of a leak', async () => {
      const warnings: string[] = []
      const warn = ({ name }: Error): unknown => warnings.push(name)
      await using cluster = await startCluster(adapter, 10)
      const { here, there } = cluster
      const browsers: Browser[] = []
      for (let user = 0; user < 12; user += 1) {
        browsers.push(await expiredSession(here, `user-${user}@example.test`))
      }
      cluster.emulator.faults.add({ path: refreshPath, delayMs: 3000, times: 'always' })
      process.on('warning', warn)
      const first = browsers.map((browser) => tab(browser, here).visit('/me'))
      await here.begun('setIfAbsent', browsers.length)
      const waiting = browsers.map((browser) => tab(browser, there).visit('/me'))
      await there.begun('get', browsers.length)
      const statuses = await cluster.statuses([...first, ...waiting])
      process.off('warning', warn)
      expect(new Set(statuses)).toEqual(new Set([200]))
      expect(warnings).toEqual([])
      expect(here.app.calls(refreshPath)).toBe(browsers.length)
    })

    test('C10: who waits for another instance looks ever more rarely, at most twice a second', async () => {
      await using cluster = await startCluster(adapter, 10)
      const { here, there } = cluster
      const browser = await expiredSession(here)
      cluster.emulator.faults.add({ path: refreshPath, delayMs: 6000 })
      const first = tab(browser, here).visit('/me')
      await here.begun('setIfAbsent')
      await flush()
      const waiting = tab(browser, there).visit('/me')
      expect(await cluster.statuses([first, waiting])).toEqual([200, 200])
      const looks = there.operations.filter((operation) => operation === 'get')
      // Four in the first second, and two in each of the others: 15, and a few while the machine is slow.
      expect(looks.length).toBeGreaterThan(0)
      expect(looks.length).toBeLessThan(30)
    })
  })
}
