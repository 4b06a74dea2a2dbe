import { defineConfig } from 'vitest/config'
import { base } from './vitest.base.ts'

// `npm run drills`: tests that take too long for `npm test`, such as outages of real servers.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['packages/*/drills/**/*.test.ts', 'test/drills/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 240_000,
  },
})
