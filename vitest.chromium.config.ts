import { defineConfig } from 'vitest/config'
import { base } from './vitest.base.ts'

// `npm run chromium`: the Chromium cases on the adapters that `npm test` does not run all of them on.
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['packages/*/chromium/**/*.test.ts'] },
})
