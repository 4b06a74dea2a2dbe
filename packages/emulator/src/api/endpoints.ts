import { exchangeAccessKey } from './session/access-key.ts'
import { history, me, myTenants, validate } from './session/account.ts'
import {
  pendingSession,
  requestEnchantedLink,
  updateByEnchantedLink,
  verifyEnchantedLink,
} from './links/enchanted-link.ts'
import { keySet, legacyKeySet } from './session/key-set.ts'
import { requestMagicLink, updateByMagicLink, verifyMagicLink } from './links/magic-link.ts'
import type { Access, Endpoint } from './endpoint.ts'
import { managementEndpoints } from './management/endpoints.ts'
import { notEmulated } from './not-emulated.ts'
import { ServiceError } from './service-error.ts'
import { logout, logoutAll, refresh, selectTenant, tryRefresh } from './session/session.ts'

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

  ...managementEndpoints,
]

/** Handles every other path, so that the request log contains those requests too. */
export const notAnEndpoint: Omit<Endpoint, 'method'> = {
  path: '*',
  access: 'open',
  handle: ({ method, path }) => {
    const feature = notEmulated(path)
    if (feature !== undefined) {
      const text = `The emulator does not emulate ${feature}.`
      throw new ServiceError('notEmulated', text, `${text} SUPPORTED.md lists its endpoints.`)
    }
    const hint = `The emulator has no endpoint ${method} ${path}. SUPPORTED.md lists its endpoints.`
    throw new ServiceError('notFound', 'There is no such endpoint', hint)
  },
}

function post(path: string, handle: Endpoint['handle'], access: Access = 'project'): Endpoint {
  return { method: 'POST', path, access, handle }
}

function get(path: string, handle: Endpoint['handle'], access: Access = 'project'): Endpoint {
  return { method: 'GET', path, access, handle }
}
