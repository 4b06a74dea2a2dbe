import { exchangeAccessKey } from './session/access-key.ts'
import { history, me, myTenants, validate } from './session/account.ts'
import type { Answer, Call } from './call.ts'
import {
  pendingSession,
  startEnchantedLink,
  updateByEnchantedLink,
  verifyEnchantedLink,
} from './links/enchanted-link.ts'
import { keySet, legacyKeySet } from './session/key-set.ts'
import { startMagicLink, updateByMagicLink, verifyMagicLink } from './links/magic-link.ts'
import { license } from './management/license.ts'
import { embedSignIn, embedSignUp } from './management/embedded-links.ts'
import { generateEnchantedLink, generateMagicLink } from './management/generated-links.ts'
import { createAccessKey, createTenant } from './management/access-keys.ts'
import {
  createTestUser,
  createUser,
  deleteTestUsers,
  deleteUser,
  logoutUser,
} from './management/users.ts'
import { Refusal } from './service-error.ts'
import { logout, logoutAll, refresh, selectTenant, tryRefresh } from './session/session.ts'

/** Who may call: anybody who names a project, or only who has the management key. */
export type Access = 'open' | 'project' | 'management'

/** One endpoint of the service. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With `:name` parameters. */
  readonly path: string
  readonly access: Access
  readonly handle: (call: Call) => Promise<Answer> | Answer
}

/** The whole API on one page, in the order of the documents. */
export const endpoints: readonly Endpoint[] = [
  post('/v1/auth/magiclink/signup/:method', startMagicLink('sign-up')),
  post('/v1/auth/magiclink/signin/:method', startMagicLink('sign-in')),
  post('/v1/auth/magiclink/signup-in/:method', startMagicLink('sign-up-or-in')),
  post('/v1/auth/magiclink/verify', verifyMagicLink),
  post('/v1/auth/magiclink/update/email', updateByMagicLink('email')),
  post('/v1/auth/magiclink/update/phone', updateByMagicLink('phone')),
  post('/v1/auth/magiclink/update/phone/:method', updateByMagicLink('phone')),

  post('/v1/auth/enchantedlink/signup/email', startEnchantedLink('sign-up')),
  post('/v1/auth/enchantedlink/signin/email', startEnchantedLink('sign-in')),
  post('/v1/auth/enchantedlink/signup-in/email', startEnchantedLink('sign-up-or-in')),
  post('/v1/auth/enchantedlink/verify', verifyEnchantedLink),
  post('/v1/auth/enchantedlink/pending-session', pendingSession),
  post('/v1/auth/enchantedlink/update/email', updateByEnchantedLink),

  post('/v1/auth/refresh', refresh),
  get('/v1/auth/refresh', refresh),
  post('/v1/auth/try-refresh', tryRefresh),
  post('/v1/auth/logout', logout),
  post('/v1/auth/logoutall', logoutAll),
  post('/v1/auth/validate', validate),
  post('/v1/auth/tenant/select', selectTenant),
  post('/v1/auth/accesskey/exchange', exchangeAccessKey),
  get('/v1/auth/me', me),
  post('/v1/auth/me/tenants', myTenants),
  get('/v1/auth/me/history', history),

  get('/v2/keys/:projectId', keySet, 'open'),
  get('/v1/keys/:projectId', legacyKeySet, 'open'),

  get('/v1/mgmt/license', license, 'management'),
  post('/v1/mgmt/user/create', createUser, 'management'),
  post('/v1/mgmt/user/create/test', createTestUser, 'management'),
  post('/v1/mgmt/user/delete', deleteUser, 'management'),
  endpoint('DELETE', '/v1/mgmt/user/test/delete/all', deleteTestUsers, 'management'),
  post('/v1/mgmt/user/logout', logoutUser, 'management'),
  post('/v1/mgmt/user/signin/embeddedlink', embedSignIn, 'management'),
  post('/v1/mgmt/user/signup/embeddedlink', embedSignUp, 'management'),
  post('/v1/mgmt/tests/generate/magiclink', generateMagicLink, 'management'),
  post('/v1/mgmt/tests/generate/enchantedlink', generateEnchantedLink, 'management'),
  post('/v1/mgmt/accesskey/create', createAccessKey, 'management'),
  post('/v1/mgmt/tenant/create', createTenant, 'management'),
]

/** Answers every other path, so that those requests are in the journal too. */
export const notAnEndpoint: Omit<Endpoint, 'method'> = {
  path: '*',
  access: 'open',
  handle: ({ method, path }) => {
    const hint = `The emulator has no ${method} ${path}; SUPPORTED.md lists what it has.`
    throw new Refusal('notFound', 'There is no such endpoint', hint)
  },
}

type Handle = Endpoint['handle']

function endpoint(
  method: Endpoint['method'],
  path: string,
  handle: Handle,
  access: Access,
): Endpoint {
  return { method, path, access, handle }
}

function post(path: string, handle: Handle, access: Access = 'project'): Endpoint {
  return endpoint('POST', path, handle, access)
}

function get(path: string, handle: Handle, access: Access = 'project'): Endpoint {
  return endpoint('GET', path, handle, access)
}
