/**
 * The layers of each package, top to bottom. A file imports only from rows below its own, and within
 * its own entry. An entry is files and folders of `src/`, separated by spaces; the entries of one row
 * do not import each other. `*` stands for every file.
 *
 * `types` are files whose types every layer may import. `lazy` is a folder of which layers above it
 * import types alone.
 *
 * `imports` lists the other packages and Node modules that may be imported: `value` for all they
 * export, `type` for types alone, or the files and folders that may import values, where the others
 * may import types. The first match counts. Whatever is not listed is refused.
 */
export const layers = {
  core: {
    rows: [
      ['index.ts', 'internal.ts'],
      ['client.ts', 'env.ts'],
      ['session/', 'calls/'],
      ['jwks/', 'http/'],
      ['jwt/'],
      ['options.ts'],
      ['store/'],
      ['config/', 'crypto/', 'model/'],
      ['result.ts', 'clock.ts', 'log.ts', 'events.ts'],
      ['on-abort.ts', 'errors.ts'],
    ],
    // Loaded by client.ts with the first call.
    lazy: 'http/',
    imports: {
      undici: 'http/',
      'undici/*': 'http/',
      zod: 'model/responses.ts http/',
      jose: 'jwt/signature.ts',
      'node:crypto': 'crypto/ jwt/signature.ts jwks/verification-key.ts',
      'node:*': 'value',
    },
  },
  web: {
    rows: [
      ['index.ts'],
      ['create-auth.ts'],
      ['routes.ts'],
      ['context.ts'],
      ['settings.ts'],
      ['options.ts'],
      ['magic-link/', 'account/'],
      ['enchanted-link/'],
      ['session/'],
      ['serve.ts'],
      ['guard/'],
      ['attempt/'],
      ['response/'],
      ['pages/', 'paths.ts'],
      ['request/'],
      ['failure-error.ts', 'report.ts'],
      ['service-failure.ts'],
      ['app-url.ts', 'failure.ts'],
    ],
    // What handlers are given: any layer may name its types.
    types: 'context.ts',
    imports: {
      '@linkpass/core': 'value',
      '@linkpass/core/internal': 'value',
      cookie: 'value',
      'libphonenumber-js/*': 'request/',
      'node:diagnostics_channel': 'value',
      'node:net': 'value',
      'node:util': 'value',
    },
  },
  express: {
    rows: [['*']],
    imports: {
      '@linkpass/core': 'value',
      '@linkpass/web': 'value',
      express: 'type',
      'node:*': 'type',
    },
  },
  fetch: {
    rows: [['*']],
    imports: { '@linkpass/core': 'value', '@linkpass/web': 'value' },
  },
  redis: {
    rows: [
      ['index.ts'],
      ['redis-store.ts'],
      ['server-check.ts'],
      ['commands.ts', 'ioredis.ts', 'node-redis.ts'],
      ['connection.ts', 'scripts.ts'],
    ],
    imports: {
      '@linkpass/core': 'type',
      'node:crypto': 'scripts.ts',
    },
  },
  emulator: {
    rows: [
      ['index.ts', 'vitest.ts', 'playwright.ts', 'cli/'],
      ['check/', 'doctor/'],
      ['start-emulator.ts'],
      ['create-emulator.ts'],
      ['handle.ts', 'server/ control/ inbox-page/'],
      ['options.ts', 'handle-arguments.ts'],
      ['api/', 'visitors/', 'seed-schema.ts'],
      ['world/'],
      ['schema-error.ts', 'loopback.ts', 'command-line.ts'],
    ],
    imports: {
      '@linkpass/core': 'type',
      '@hono/*': 'value',
      hono: 'value',
      'hono/*': 'value',
      jose: 'value',
      'node-forge': 'server/',
      '@playwright/test': 'playwright.ts',
      vitest: 'vitest.ts',
      zod: 'value',
      'node:*': 'value',
    },
  },
}
