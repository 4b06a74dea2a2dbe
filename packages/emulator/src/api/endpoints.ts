import { exchangeAccessKey } from './session/access-key.ts'
import { history, me, myTenants, validate } from './session/account.ts'
import type { EndpointResponse, Call } from './call.ts'
import {
  pendingSession,
  requestEnchantedLink,
  updateByEnchantedLink,
  verifyEnchantedLink,
} from './links/enchanted-link.ts'
import { keySet, legacyKeySet } from './session/key-set.ts'
import { requestMagicLink, updateByMagicLink, verifyMagicLink } from './links/magic-link.ts'
import { license } from './management/license.ts'
import { createSignInLink, createSignUpLink } from './management/embedded-links.ts'
import { generateEnchantedLink, generateMagicLink } from './management/generated-links.ts'
import { createAccessKey } from './management/access-keys.ts'
import { createTenant } from './management/tenants.ts'
import {
  createTestUser,
  createUser,
  deleteTestUsers,
  deleteUser,
  logoutUser,
} from './management/users.ts'
import { ServiceError } from './service-error.ts'
import { logout, logoutAll, refresh, selectTenant, tryRefresh } from './session/session.ts'

/** What a caller needs: nothing, a project id, or the management key. */
type Access = 'open' | 'project' | 'management'

/** One endpoint of the service. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** May contain `:name` parameters. */
  readonly path: string
  readonly access: Access
  readonly handle: (call: Call) => Promise<EndpointResponse> | EndpointResponse
}

/** All endpoints, in the order of the service's documents. */
export const endpoints: readonly Endpoint[] = [
  post('/v1/auth/magiclink/signup/:method', requestMagicLink('sign-up')),
  post('/v1/auth/magiclink/signin/:method', requestMagicLink('sign-in')),
  post('/v1/auth/magiclink/signup-in/:method', requestMagicLink('sign-up-or-in')),
  post('/v1/auth/magiclink/verify', verifyMagicLink),
  post('/v1/auth/magiclink/update/email', updateByMagicLink('email')),
  post('/v1/auth/magiclink/update/phone', updateByMagicLink('phone')),
  post('/v1/auth/magiclink/update/phone/:method', updateByMagicLink('phone')),

  post('/v1/auth/enchantedlink/signup/email', requestEnchantedLink('sign-up')),
  post('/v1/auth/enchantedlink/signin/email', requestEnchantedLink('sign-in')),
  post('/v1/auth/enchantedlink/signup-in/email', requestEnchantedLink('sign-up-or-in')),
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
  post('/v1/mgmt/user/signin/embeddedlink', createSignInLink, 'management'),
  post('/v1/mgmt/user/signup/embeddedlink', createSignUpLink, 'management'),
  post('/v1/mgmt/tests/generate/magiclink', generateMagicLink, 'management'),
  post('/v1/mgmt/tests/generate/enchantedlink', generateEnchantedLink, 'management'),
  post('/v1/mgmt/accesskey/create', createAccessKey, 'management'),
  post('/v1/mgmt/tenant/create', createTenant, 'management'),
]

/** Handles every other path, so that the request log contains those requests too. */
export const notAnEndpoint: Omit<Endpoint, 'method'> = {
  path: '*',
  access: 'open',
  handle: ({ method, path }) => {
    const hint = `The emulator has no endpoint ${method} ${path}. SUPPORTED.md lists its endpoints.`
    throw new ServiceError('notFound', 'There is no such endpoint', hint)
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
