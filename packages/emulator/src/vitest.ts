import { type TestAPI, test as base } from 'vitest'
import type { Emulator } from './handle.ts'
import { startEmulator } from './start-emulator.ts'

/**
 * Vitest's `test` with one more fixture: `emulator`, started once per worker and reset before each
 * test that uses it.
 *
 * ```ts
 * import { test } from '@linkpass/emulator/vitest'
 *
 * test('shows the account', async ({ emulator }) => {
 *   const { cookie } = await emulator.signIn('ada@example.com', { cookieNames: auth.cookieNames })
 *   // …send a request with that Cookie header to your app, created with baseUrl: emulator.url
 * })
 * ```
 *
 * Tests that run at the same time share it, so give each of them its own world:
 * `emulator.world(projectId)`.
 */
export const test: TestAPI<{ runningEmulator: Emulator; emulator: Emulator }> = base.extend<{
  runningEmulator: Emulator
  emulator: Emulator
}>({
  runningEmulator: [
    // Vitest reads the names of the required fixtures from this pattern, so it cannot be left out.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      await using emulator = await startEmulator()
      await use(emulator)
    },
    { scope: 'worker' },
  ],
  emulator: async ({ runningEmulator }, use) => {
    runningEmulator.reset()
    await use(runningEmulator)
  },
})
