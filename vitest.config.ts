import { defineConfig } from 'vitest/config'
import { base } from './vitest.base.ts'

const shared = {
  units: ['packages/{core,web}/test/**/*.test.ts'],
  express: ['packages/express/test/{adapter,chromium}/**/*.test.ts'],
  fetch: ['packages/fetch/test/{adapter,chromium}/**/*.test.ts'],
}

// `npm test`. Loading the packages anew for each file takes a quarter of the time of a run, so the files
// of the adapter suite and of units share processes; each other file has one of its own.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    projects: [
      ...Object.entries(shared).map(([name, include]) => ({
        extends: true as const,
        test: { name, include, isolate: false },
      })),
      {
        extends: true,
        test: {
          name: 'others',
          include: ['packages/*/test/**/*.test.ts', '{examples,test}/**/*.test.ts'],
          exclude: [
            ...['**/node_modules/**', 'test/drills/**', 'test/site/**'],
            ...Object.values(shared).flat(),
          ],
        },
      },
    ],
  },
})
