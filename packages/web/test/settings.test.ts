import { createDescopeClient } from '@linkpass/core'
import { projectId } from '@linkpass/testing'
import { expect, test } from 'vitest'
import type { AuthOptions } from '../src/options.ts'
import { resolveAuthOptions } from '../src/settings.ts'

test('an option that is undefined counts as not given', () => {
  const client = createDescopeClient({ projectId })
  const given = { appUrl: 'https://app.example.com', cookieSecret: 'x'.repeat(32) }
  const nothing = {
    ...{ dangerouslyAllowHttp: undefined, trustedOrigins: undefined, basePath: undefined },
    ...{ verifyPath: undefined, session: undefined, methods: undefined, mode: undefined },
    ...{ defaultCountry: undefined, extraFields: undefined, confirm: undefined },
    ...{ allowBareLinks: undefined, approval: undefined, messages: undefined },
    account: { email: undefined, phone: undefined, maxAgeSeconds: undefined },
    limits: {
      ...{ perAddress: undefined, perIp: undefined, cooldownSeconds: undefined },
      ...{ failedPerIp: undefined, perApp: undefined, perCountryCode: undefined },
    },
    linkLifetimeMinutes: { magic: undefined, enchanted: undefined },
    pages: {
      ...{ signIn: undefined, checkInbox: undefined, waiting: undefined },
      ...{ afterSignIn: undefined, afterSignOut: undefined },
    },
    cookies: {
      ...{ prefix: undefined, domain: undefined, sameSite: undefined },
      names: { session: undefined, refresh: undefined, attempt: undefined, pending: undefined },
    },
    brand: { name: undefined, logoUrl: undefined, accentColor: undefined },
  }
  const options: AuthOptions<object> = { ...given, ...nothing }
  const { languages: _, ...resolved } = resolveAuthOptions(client, options)
  const { languages: __, ...defaults } = resolveAuthOptions(client, given)
  expect(resolved).toEqual(defaults)
})
