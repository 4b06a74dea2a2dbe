import { defineConfig } from 'vitest/config'
import { base } from './vitest.base.ts'

// `npm run site:test`: builds docs/ as a site, and looks at each page in Chromium.
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/site/**/*.test.ts'], exclude: ['**/node_modules/**'] },
})
