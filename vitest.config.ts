import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests run the packages from source; see "One condition" in CONTRIBUTING.md.
  ssr: { resolve: { conditions: ['@linkpass/source', 'node'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './tools/scripts/skip-reasons.mjs'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // `npm run coverage`: whatever decides is executed whole by core's own tests. What is left out
    // wires, or talks to the network and the machine; tests with the emulator run it.
    coverage: {
      include: ['packages/core/src/**/*.ts'],
      exclude: [
        'packages/core/src/{client,clock}.ts',
        'packages/core/src/http/{endpoints,exchange,pool,read-response,service,transport}.ts',
      ],
      reporter: [['text', { skipFull: true }]],
      thresholds: { 100: true, perFile: true },
    },
  },
})
