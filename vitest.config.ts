import { defineConfig } from 'vitest/config'
import { base } from './vitest.base.ts'

const noTests = ['**/node_modules/**', 'test/drills/**', 'test/site/**']
const units = ['packages/{core,web}/test/**/*.test.ts']
// Not magic-link, nor what else counts the warnings, calls or events of a process, or changes it.
const alone =
  'body-parsers|create-auth|mistakes|outages|register|register-copies|several-processes|trust-proxy'
const suites = {
  apps: [
    'examples/!(debug|telemetry)/test/**/*.test.ts',
    `packages/{express,fetch}/test/!(${alone}).test.ts`,
    'test/!(api-report|doctor|entry-points|fuzz|simulate).test.ts',
    'test/{browser,emulator-readme}/*.test.ts',
  ],
  express: ['packages/{express,web}/test/{adapter,chromium}/**/!(magic-link).test.ts'],
  fetch: ['packages/fetch/test/{adapter,chromium}/**/!(magic-link).test.ts'],
  emulator: ['packages/emulator/test/**/*.test.ts'],
}

function inSharedProcesses(name: string, include: string[], exclude: string[] = noTests) {
  return { extends: true as const, test: { name, include, exclude, isolate: false } }
}

// `npm test`. Loading the packages anew for each file takes a quarter of the time of a run, so most files
// share processes; each of the others has one of its own.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    projects: [
      ...Object.entries(suites).map(([name, include]) => inSharedProcesses(name, include)),
      inSharedProcesses('units', units, [...noTests, '**/test/chromium/**']),
      {
        extends: true,
        test: {
          name: 'others',
          include: ['packages/*/test/**/*.test.ts', '{examples,test}/**/*.test.ts'],
          exclude: [...noTests, ...units, ...Object.values(suites).flat()],
        },
      },
    ],
  },
})
