// The files of the table: sources, and tests that run on every adapter.
export const core = (name) => `packages/core/src/${name}`
export const web = (name) => `packages/web/src/${name}`
export const http = (name) => `packages/express/test/adapter/${name}.test.ts`
export const chromium = (name) => `packages/express/test/chromium/${name}.test.ts`
