import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests run the packages from source; see "One condition" in CONTRIBUTING.md.
  ssr: { resolve: { conditions: ['@linkpass/source', 'node'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
