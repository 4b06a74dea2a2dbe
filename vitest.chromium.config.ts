import { defineConfig } from 'vitest/config'
import config from './vitest.config.ts'

// `npm run chromium`: the Chromium cases on the adapters that `npm test` does not run all of them on.
export default defineConfig({
  ...config,
  test: { ...config.test, include: ['packages/*/chromium/**/*.test.ts'] },
})
