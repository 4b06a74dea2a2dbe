import { createDescopeClient } from '@linkpass/core'
import { createTestClock, deferred, flush, projectId } from '@linkpass/testing'
import { expect, test } from 'vitest'
import type { AuthOptions } from '../src/options.ts'
import { resolveAuthOptions } from '../src/settings.ts'

const app = { appUrl: 'https://app.example.com', cookieSecret: 'x'.repeat(32) }

/** Every option that has a default, and is no function. */
const nothing = {
  dangerouslyAllowHttp: undefined,
  trustedOrigins: undefined,
  basePath: undefined,
  verifyPath: undefined,
  session: undefined,
  methods: undefined,
  mode: undefined,
  defaultCountry: undefined,
  extraFields: undefined,
  confirm: undefined,
  allowBareLinks: undefined,
  approval: undefined,
  messages: undefined,
  account: { email: undefined, phone: undefined, maxAgeSeconds: undefined },
  limits: {
    perAddress: undefined,
    perIp: undefined,
    cooldownSeconds: undefined,
    failedPerIp: undefined,
    perApp: undefined,
    perCountryCode: undefined,
  },
  linkLifetimeMinutes: { magic: undefined, enchanted: undefined },
  pages: {
    signIn: undefined,
    checkInbox: undefined,
    waiting: undefined,
    afterSignIn: undefined,
    afterSignOut: undefined,
  },
  cookies: {
    prefix: undefined,
    domain: undefined,
    sameSite: undefined,
    names: { session: undefined, refresh: undefined, attempt: undefined, pending: undefined },
  },
  brand: { name: undefined, logoUrl: undefined, accentColor: undefined },
}

test('an option that is undefined counts as not given', () => {
  const client = createDescopeClient({ projectId })
  const options: AuthOptions<object> = { ...app, ...nothing }
  const { languages: _, ...resolved } = resolveAuthOptions(client, options)
  const { languages: __, ...defaults } = resolveAuthOptions(client, app)
  expect(resolved).toEqual(defaults)
})

test.each([
  ...['appUrl', 'cookieSecret', ...pathsOf(nothing)],
  ...['loginOptions', 'beforeSend', 'onSignIn', 'onAccountChange', 'onSignOut', 'onFailure'],
  'locale',
])('null is refused for %s', (path) => {
  const [option = '', ...members] = path.split('.')
  const value = members.reduceRight<unknown>((inner, name) => ({ [name]: inner }), null)
  const client = createDescopeClient({ projectId })
  const resolve = () => resolveAuthOptions(client, { ...app, [option]: value })
  expect(resolve).toThrow(TypeError)
  expect(resolve).toThrow(new RegExp(`^${path}`))
})

/** Each option, and each member of one: `cookies`, `cookies.names`, `cookies.names.session`. */
function pathsOf(options: object): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? [name, ...pathsOf(value).map((path) => `${name}.${path}`)]
      : [name],
  )
}

test('a function of the app has a timer while its promise is pending, and no longer', async () => {
  const clock = createTestClock()
  const client = createDescopeClient({ projectId, clock })
  const ends = [deferred<string>(), deferred<string>()]
  const told = ends.map(({ promise }) => promise)
  // As a query builder does, which is no Promise.
  const then: Promise<string>['then'] = (resolve) => Promise.resolve('built').then(resolve)
  // oxlint-disable-next-line unicorn/no-thenable -- it is awaited
  const results: unknown[] = ['at once', told[0], told[1], { then }]
  const { onSignOut } = resolveAuthOptions(client, { ...app, onSignOut: () => results.shift() })
  const event = { userId: undefined, everywhere: false, req: {} }
  expect([onSignOut?.(event), clock.sleepers]).toEqual(['at once', 0])
  const pending = [onSignOut?.(event), onSignOut?.(event)]
  expect(clock.sleepers).toBe(2)
  ends[0]?.resolve('done')
  expect([await pending[0], clock.sleepers]).toEqual(['done', 1])
  expect([await onSignOut?.(event), clock.sleepers]).toEqual(['built', 1])
  clock.advance(29_999)
  await flush()
  expect(clock.sleepers).toBe(1)
  clock.advance(1)
  await expect(pending[1]).rejects.toThrow('onSignOut took longer than 30 seconds.')
  expect(clock.sleepers).toBe(0)
})

test('a function of the app that never ends keeps no process alive', async () => {
  const refs: unknown[] = []
  const clock = createTestClock()
  const watched: typeof clock = {
    ...clock,
    sleep: (ms, signal, options) => {
      refs.push(options)
      return clock.sleep(ms, signal)
    },
  }
  const client = createDescopeClient({ projectId, clock: watched })
  const { locale } = resolveAuthOptions(client, { ...app, locale: () => new Promise(() => {}) })
  void locale?.({})
  expect(refs).toEqual([{ ref: false }])
})
