import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

/** What each published entry point exports at run time. Types are pinned by the tests that use them. */
const entryPoints: Readonly<Record<string, readonly string[]>> = {
  '@linkpass/core': [
    'KeySetError',
    'LinkpassError',
    'RequestError',
    'ServiceError',
    'StoreError',
    'TokenError',
    'clientOptionsFromEnv',
    'createDescopeClient',
    'default',
    'memoryStore',
    'systemClock',
    'unwrap',
  ],
  '@linkpass/core/conformance': ['stateStoreConformance'],
  '@linkpass/core/internal': [
    'Unsaved',
    'canonicalLoginId',
    'checkOption',
    'createRevocations',
    'createSealer',
    'formatOption',
    'grantsIn',
    'guardStore',
    'hashRandom',
    'isCookieName',
    'isDeliveryMethod',
    'isEmailAddress',
    'isLoopback',
    'isMemoryStore',
    'isOneTimeToken',
    'isPhoneNumber',
    'isTokenRefusal',
    'isUserName',
    'isWhole',
    'keepLock',
    'nextPoll',
    'onAbort',
    'onlyKnown',
    'pause',
    'randomInteger',
    'randomToken',
    'shareErrors',
  ],
  '@linkpass/web': [
    'FailureError',
    'createWebAuth',
    'getAuth',
    'getSession',
    'guardSetup',
    'reportedError',
    'requireBearerSession',
    'responseTo',
    'setCookieLine',
    'setCookieLines',
  ],
  '@linkpass/express': ['FailureError', 'createAuth', 'getAuth', 'getSession', 'requireSession'],
  '@linkpass/express/register': [],
  '@linkpass/fetch': ['FailureError', 'createAuth', 'getAuth', 'getSession', 'requireSession'],
  '@linkpass/redis': ['redisStore'],
  '@linkpass/emulator': ['InboxTimeoutError', 'startEmulator'],
  '@linkpass/emulator/playwright': ['test'],
  '@linkpass/emulator/vitest': ['test'],
}

test.each(Object.entries(entryPoints))(
  '%s exports these names and no others',
  async (name, exported) => {
    const entryPoint: object = await import(name)
    expect(Object.keys(entryPoint).toSorted()).toEqual(exported)
  },
)

test('every entry point of every published package is listed', () => {
  expect(publishedEntryPoints().toSorted()).toEqual(Object.keys(entryPoints).toSorted())
})

function publishedEntryPoints(): string[] {
  const packages = new URL('../packages/', import.meta.url)
  return readdirSync(packages).flatMap((folder) => {
    const text = readFileSync(new URL(`${folder}/package.json`, packages), 'utf8')
    const manifest: { name: string; private?: boolean; exports: object } = JSON.parse(text)
    if (manifest.private) return []
    return Object.keys(manifest.exports)
      .filter((path) => path !== './package.json')
      .map((path) => manifest.name + path.slice(1))
  })
}
