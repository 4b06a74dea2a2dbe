import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { version } from '../src/http/version.ts'

it('the package exports these names and no others', async () => {
  expect(Object.keys(await import('../src/index.ts')).sort()).toEqual([
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
  ])
})

it('the version in requests is that of the package', () => {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  expect(JSON.parse(manifest).version).toBe(version)
})
