import { defineConfig } from 'vitest/config'
import config from './vitest.config.ts'

// `npm run site:test`: builds docs/ as a site, and looks at each page in Chromium.
export default defineConfig({
  ...config,
  test: { ...config.test, include: ['test/site/**/*.test.ts'], exclude: ['**/node_modules/**'] },
})
