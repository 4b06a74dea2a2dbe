import type { ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Without the times of an earlier run vitest begins with the longest texts. The files of the suites are
// short and take longest; begun last, one of them would leave the other cores idle.
class SuitesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSuite = ({ moduleId }: TestSpecification): number =>
      Number(/\/test\/(adapter|browser|check|chromium)\//.test(moduleId))
    return (await super.sort(files)).toSorted((one, other) => isSuite(other) - isSuite(one))
  }
}

/** What all runs of tests have in common. */
export const base = {
  // Tests run the packages from source; see "One condition" in CONTRIBUTING.md.
  ssr: { resolve: { conditions: ['@linkpass/source', 'node'] } },
  test: {
    reporters: ['default', './tools/scripts/skip-reasons.mjs'],
    // Many tests wait for a browser or a server: with two cores, one process would leave one idle.
    maxWorkers: '100%',
    sequence: { sequencer: SuitesFirst },
    // Only what hangs takes this long: on a busy machine the start of a process alone takes many seconds.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // `npm run coverage`: core's own tests run every line that decides something. What is excluded wires
    // parts together, or uses the network and the system clock; tests with the emulator run it.
    coverage: {
      include: ['packages/core/src/**/*.ts'],
      exclude: [
        'packages/core/src/{client,clock}.ts',
        'packages/core/src/http/{exchange,pool,service,transport}.ts',
      ],
      reporter: [['text', { skipFull: true }]],
      thresholds: { 100: true, perFile: true },
    },
  },
} satisfies ViteUserConfig
