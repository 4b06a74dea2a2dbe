import { type TestAPI, test as base } from 'vitest'
import { type Emulator, startEmulator } from './start-emulator.ts'

/**
 * Vitest's `test` with one more fixture: `emulator`, started once per worker and emptied for each
 * test that asks for it.
 *
 * ```ts
 * import { test } from '@linkpass/emulator/vitest'
 *
 * test('shows the account', async ({ emulator }) => {
 *   const { cookie } = await emulator.signIn('ada@example.test')
 *   // …ask your app, made with baseUrl: emulator.url, with that Cookie header
 * })
 * ```
 *
 * Tests that run at the same time share it, so give each a world of its own there:
 * `emulator.world(projectId)`.
 */
export const test: TestAPI<{ runningEmulator: Emulator; emulator: Emulator }> = base.extend<{
  runningEmulator: Emulator
  emulator: Emulator
}>({
  runningEmulator: [
    // Vitest reads the names of the fixtures it needs from this pattern, so it must be one.
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
